// Finds, verifies and reads split lists, and matches their names against a bank.
#include "harness/data/split_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <sstream>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;
using NameIndex = std::map<std::string, std::int64_t, std::less<>>;

/// A whole number, or -1 if `text` is anything else.
std::int64_t number_in(std::string_view text) {
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

/// Lists may spell an image's extension or leave it out; banks leave it out. Only known extensions count, because names
/// may contain dots.
std::string without_extension(const std::string& name) {
  static const std::array<std::string, 6> known = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"};
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return name;
  std::string extension = name.substr(dot);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(known.begin(), known.end(), extension) == known.end() ? name : name.substr(0, dot);
}

NameIndex index_names(const ImageBank& bank, const std::string& dataset) {
  if (bank.names.empty()) {
    throw InputError(fmt::format("{}: split lists name images, but the reader gives its images no names", dataset));
  }
  NameIndex index;
  for (std::size_t i = 0; i < bank.names.size(); ++i) {
    if (!index.emplace(bank.names[i], static_cast<std::int64_t>(i)).second) {
      throw InputError(fmt::format("{}: two images are named \"{}\"", dataset, bank.names[i]));
    }
  }
  return index;
}

std::vector<fs::path> candidate_folders(const SplitSource& source) {
  std::vector<std::string> folders = {"splits", "."};
  if (source.rule.options.contains("folders")) {
    const Json& given = source.rule.options.at("folders");
    folders = given.is_string() ? std::vector{given.get<std::string>()} : given.get<std::vector<std::string>>();
  }
  std::vector<fs::path> result;
  for (const fs::path& root : {source.folder, source.data}) {
    if (root.empty()) continue;
    for (const std::string& folder : folders) result.push_back((root / folder).lexically_normal());
  }
  return result;
}

std::string list_name(const SplitSource& source, const std::string& role, int split) {
  std::string name = source.rule.options.value("pattern", std::string("{role}{split}.txt"));
  const auto put = [&name](const std::string& key, const std::string& value) {
    if (const auto at = name.find(key); at != std::string::npos) name.replace(at, key.size(), value);
  };
  put("{role}", role);
  put("{split}", std::to_string(split));
  return name;
}

/// Where the list is, or an empty path.
fs::path find_list(const SplitSource& source, const std::string& name) {
  for (const fs::path& folder : candidate_folders(source)) {
    if (fs::is_regular_file(folder / name)) return folder / name;
  }
  return {};
}

std::vector<std::int64_t> read_list(const SplitSource& source, const fs::path& file, const NameIndex& index) {
  const std::string content = read_file(file);
  const Json digests = source.rule.options.value("sha256", Json::object());
  if (const auto expected = digests.find(file.filename().string()); expected != digests.end()) {
    const std::string found = sha256_hex(content);
    if (found != expected->get<std::string>()) {
      throw InputError(fmt::format("is not the published split list: its SHA-256 is {}, the card of {} says {}. Remove "
                                   "it and run `scant fetch {}`",
                                   found, source.name, expected->get<std::string>(), source.name),
                       {file.string()});
    }
  }
  std::vector<std::int64_t> indices;
  std::istringstream lines(content);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string name, label, rest;
    if (!(words >> name)) continue;
    const Place place{file.string(), number};
    if (!(words >> label) || (words >> rest) || number_in(label) < 0) {
      throw InputError(fmt::format("\"{}\" is not \"<image name> <label>\"", line), place);
    }
    const auto found = index.find(without_extension(name));
    if (found == index.end()) {
      throw InputError(fmt::format("image \"{}\" is not among the {} images of {} in {}", name, source.bank.size(),
                                   source.name, source.folder.string()),
                       place);
    }
    const std::int32_t known = source.bank.labels[static_cast<std::size_t>(found->second)];
    if (number_in(label) != known) {
      throw InputError(fmt::format("image \"{}\" has label {} here, but {} in the data", name, label, known), place);
    }
    indices.push_back(found->second);
  }
  if (indices.empty()) throw InputError("names no image", {file.string()});
  return indices;
}

}  // namespace

Split split_from_files(const SplitSource& source, int split) {
  const NameIndex index = index_names(source.bank, source.name);
  const auto optional_list = [&](const std::string& role, int number) {
    const fs::path file = find_list(source, list_name(source, role, number));
    return file.empty() ? std::vector<std::int64_t>{} : read_list(source, file, index);
  };
  const auto needed_list = [&](const std::string& role, int number) {
    const std::string name = list_name(source, role, number);
    const fs::path file = find_list(source, name);
    if (file.empty()) {
      std::string tried;
      for (const fs::path& folder : candidate_folders(source)) tried += (tried.empty() ? "" : ", ") + folder.string();
      throw InputError(fmt::format("{}: the split list {} is in none of {}. `scant fetch {}` brings it where the card "
                                   "states a source",
                                   source.name, name, tried, source.name),
                       {source.card.string()});
    }
    return read_list(source, file, index);
  };
  Split result;
  result.train = needed_list("train", split);
  result.val = needed_list("val", split);
  result.test = needed_list("test", source.rule.options.value("test_split_fixed", false) ? 0 : split);
  result.unlabelled = optional_list("unlabelled", split);
  result.trainval = optional_list("trainval", split);
  if (result.trainval.empty()) {
    result.trainval = result.train;
    result.trainval.insert(result.trainval.end(), result.val.begin(), result.val.end());
  }
  return result;
}

std::vector<std::int64_t> read_positions(const fs::path& file, std::int64_t limit) {
  std::vector<std::int64_t> positions;
  std::istringstream lines(read_file(file));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string word, rest;
    if (!(words >> word)) continue;
    const std::int64_t position = number_in(word);
    if ((words >> rest) || position < 0 || position >= limit) {
      throw InputError(fmt::format("\"{}\" is no position among {} test images", line, limit), {file.string(), number});
    }
    positions.push_back(position);
  }
  std::sort(positions.begin(), positions.end());
  return positions;
}

}  // namespace scant
