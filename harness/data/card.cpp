// Reads cards: strictly, with every error of a file at once and its place.
#include "harness/data/card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/core/suite_parts.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

/// The keys of [split] besides kind, as make_split reads them.
const std::map<std::string, std::vector<std::string>>& split_options() {
  static const std::vector<std::string> draws = {"train_per_class", "val_per_class", "test_per_class"};
  static const std::map<std::string, std::vector<std::string>> options = {
      {"files", {"folders", "pattern", "test_split_fixed", "sha256"}},
      {"per-class", {"train_per_class", "val_per_class", "exclude_test"}},
      {"stored", draws},
      {"column", draws},
      {"stratified", draws}};
  return options;
}

const std::vector<std::string>& readers() {
  static const std::vector<std::string> names = {"cifar-binary", "cifar-pickle", "class-folders", "csv",  "geotiff",
                                                 "geotiff-list", "hdf5",         "idx",           "list", "npz"};
  return names;
}

bool is_hex(const std::string& text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_url(const std::string& text) {
  return text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
}

/// A path that stays inside the data set's folder.
bool stays_inside(const std::string& text) {
  const fs::path path(text);
  return path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

void read_texts(TableReader& reader, const std::string& key, std::vector<std::string>& out) {
  const toml::array* array = reader.array(key);
  if (!array) return;
  for (const toml::node& node : *array) {
    if (!node.is_string() || node.as_string()->get().empty()) {
      reader.problem(node, fmt::format("{} holds texts that are not empty", key));
    } else {
      out.push_back(node.as_string()->get());
    }
  }
}

/// A text that a card cannot do without.
void read_required(TableReader& reader, const std::string& key, std::string& out) {
  const toml::node* node = reader.find(key);
  if (!node) return reader.problem(fmt::format("{} lacks {}", reader.where(), key));
  if (reader.read(key, out) && out.empty()) reader.problem(*node, fmt::format("{} must not be empty", key));
}

void read_digest(TableReader& reader, const std::string& key, std::size_t length, std::string& out) {
  const toml::node* node = reader.find(key);
  if (reader.read(key, out) && !is_hex(out, length)) {
    reader.problem(*node, fmt::format("{} must be {} lower-case hexadecimal digits", key, length));
  }
}

void read_inner_path(TableReader& reader, const std::string& key, std::string& out) {
  const toml::node* node = reader.find(key);
  if (reader.read(key, out) && !stays_inside(out)) {
    reader.problem(*node, fmt::format("{} must be a path inside the data set's folder", key));
  }
}

Download read_download(const toml::table& table, Problems& problems) {
  TableReader reader(table, "downloads", problems);
  Download download;
  read_required(reader, "file", download.file);
  read_inner_path(reader, "file", download.file);
  read_texts(reader, "urls", download.urls);
  if (download.urls.empty()) reader.problem("a download needs urls = [...], in the order to try them");
  for (const std::string& url : download.urls) {
    if (!is_url(url)) reader.problem(fmt::format("\"{}\" is neither an http:// nor an https:// address", url));
  }
  reader.read("bytes", download.bytes, std::int64_t{1});
  read_digest(reader, "sha256", 64, download.sha256);
  read_digest(reader, "md5", 32, download.md5);
  reader.read("unpack", download.unpack);
  read_inner_path(reader, "unpack_to", download.unpack_to);
  read_inner_path(reader, "strip", download.strip);
  if (!download.unpack && !(download.unpack_to.empty() && download.strip.empty())) {
    reader.problem("unpack_to and strip mean nothing without unpack = true");
  }
  reader.finish();
  return download;
}

void check_option(TableReader& reader, const std::string& key, const toml::node& node) {
  const bool count = key.find("_per_class") != std::string::npos;
  if (count && !(node.is_integer() && node.as_integer()->get() >= 1)) {
    reader.problem(node, fmt::format("{} must be a whole number of at least 1", key));
  } else if (key == "test_split_fixed" && !node.is_boolean()) {
    reader.problem(node, "test_split_fixed must be true or false");
  } else if ((key == "pattern" || key == "exclude_test") && !node.is_string()) {
    reader.problem(node, fmt::format("{} must be a text", key));
  } else if (key == "folders" && !(node.is_array() && node.as_array()->is_homogeneous(toml::node_type::string))) {
    reader.problem(node, "folders must be an array of texts");
  } else if (key == "sha256" && !node.is_table()) {
    reader.problem(node, "sha256 must be a table: file name = digest");
  }
}

SplitRule read_split(const toml::table& table, Problems& problems) {
  TableReader reader(table, "[split]", problems);
  SplitRule rule;
  rule.options = Json::object();
  if (!reader.find("kind")) reader.problem("[split] lacks a kind");
  if (!reader.read_name("kind", rule.kind, keys_of(split_options()))) return rule;
  for (const std::string& key : split_options().at(rule.kind)) {
    const toml::node* node = reader.find(key);
    if (!node) continue;
    check_option(reader, key, *node);
    rule.options[key] = json_of(*node, problems);
  }
  reader.finish();
  return rule;
}

/// Split lists that are downloads are checked again whenever they are read: a list put there by hand passes the same
/// test.
void add_list_digests(Card& card) {
  if (card.split.kind != "files" || card.split.options.contains("sha256")) return;
  Json digests = Json::object();
  for (const Download& download : card.downloads) {
    if (!download.unpack && !download.sha256.empty()) {
      digests[fs::path(download.file).filename().string()] = download.sha256;
    }
  }
  if (!digests.empty()) card.split.options["sha256"] = std::move(digests);
}

void read_classes(TableReader& reader, DatasetSpec& spec) {
  read_texts(reader, "classes", spec.classes);
  const bool stated = reader.read("num_classes", spec.num_classes, 2);
  const int listed = static_cast<int>(spec.classes.size());
  if (!stated) spec.num_classes = listed;
  if (spec.num_classes < 2) reader.problem("a card needs at least two classes: classes = [...] or num_classes");
  if (listed > 0 && listed != spec.num_classes) {
    reader.problem(fmt::format("num_classes is {}, but {} classes are listed", spec.num_classes, listed));
  }
  auto sorted = spec.classes;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    reader.problem(fmt::format("class \"{}\" is listed twice", *twice));
  }
}

void read_spec(TableReader& reader, DatasetSpec& spec) {
  read_required(reader, "title", spec.title);
  read_required(reader, "domain", spec.domain);
  read_required(reader, "licence", spec.licence);
  read_required(reader, "citation", spec.citation);
  read_classes(reader, spec);
  reader.read("bands", spec.bands, 1, 1024);
  reader.read("splits", spec.splits, 1);
  reader.read("backbone", spec.backbone);
  reader.read("epochs", spec.epochs, 1);
  reader.read("embedded", spec.embedded);
  if (const toml::table* augment = reader.table("augment")) read_augment(*augment, spec.augment, reader.problems());
}

}  // namespace

Card read_card(const fs::path& file) {
  Card card;
  card.file = file;
  card.spec.name = fs::absolute(file).lexically_normal().parent_path().filename().string();
  const std::string text = read_file(file);
  toml::table table;
  try {
    table = toml::parse(text, file.string());
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw InputError(std::string(error.description()),
                     {file.string(), static_cast<int>(at.line), static_cast<int>(at.column)});
  }
  Problems problems(file.string());
  TableReader reader(table, "the card", problems);
  read_spec(reader, card.spec);
  reader.read("note", card.note);
  if (!reader.find("reader")) reader.problem("the card lacks a reader");
  reader.read_name("reader", card.reader, readers());
  const toml::table* options = reader.table("read_options");
  card.read_options = options ? json_of(*options, problems) : Json::object();
  read_texts(reader, "folders", card.folders);
  for (const toml::table* entry : reader.tables("downloads")) {
    card.downloads.push_back(read_download(*entry, problems));
  }
  if (const toml::table* split = reader.table("split")) {
    card.split = read_split(*split, problems);
  } else {
    reader.problem("the card lacks [split]");
  }
  if (!card.spec.embedded && card.folders.empty()) {
    reader.problem("the card needs folders = [...]: where its files lie below the data folder");
  }
  if (card.spec.embedded && !card.downloads.empty()) reader.problem("an embedded data set has nothing to download");
  if (!card.spec.embedded && card.downloads.empty() && card.note.empty()) {
    reader.problem("a card without downloads needs a note that says how to get the files");
  }
  reader.finish();
  problems.throw_if_any();
  add_list_digests(card);
  return card;
}

const std::map<std::string, Card>& cards() {
  static const std::map<std::string, Card> all = [] {
    const char* override_folder = std::getenv("SCANT_CARDS");
    const fs::path root = override_folder != nullptr && *override_folder != '\0' ? override_folder : SCANT_CARDS;
    if (!fs::is_directory(root)) {
      throw InputError("there is no folder of cards; set SCANT_CARDS to the source tree's datasets/", {root.string()});
    }
    std::map<std::string, Card> found;
    for (const auto& entry : fs::directory_iterator(root)) {
      const fs::path file = entry.path() / "card.toml";
      if (!fs::is_regular_file(file)) continue;
      Card card = read_card(file);
      std::string name = card.spec.name;
      found.emplace(std::move(name), std::move(card));
    }
    return found;
  }();
  return all;
}

}  // namespace scant
