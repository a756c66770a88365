// The parts of a listing that all file-per-image readers share: finding files, filters, domains, checks.
#include "harness/data/io/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>
#include <system_error>

#include "harness/core/error.hpp"
#include "harness/data/io/table_file.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// Compiles a regex of the card with a message that names the key.
std::regex pattern_of(const ReadTask& task, const std::string& key) {
  try {
    return std::regex(task.options.text(key), std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& error) {
    task.options.fail(key, fmt::format("is no regular expression ({})", error.what()));
  }
}

/// Numbers the distinct texts in sorted order.
std::map<std::string, int> number_texts(const std::set<std::string>& texts) {
  std::map<std::string, int> numbers;
  for (const std::string& text : texts) numbers.emplace(text, static_cast<int>(numbers.size()));
  return numbers;
}

void domains_by_pattern(const ReadTask& task, Listing& listing) {
  const std::regex pattern = pattern_of(task, "domain");
  if (pattern.mark_count() != 1) task.options.fail("domain", "must have exactly one capture group");
  std::vector<std::string> found;
  for (const ListedImage& image : listing.images) {
    std::smatch match;
    if (!std::regex_search(image.name, match, pattern)) {
      throw InputError(fmt::format("the name \"{}\" does not state a domain as the card's pattern \"{}\" expects it",
                                   image.name, task.options.text("domain")),
                       {image.file.string()});
    }
    found.push_back(match[1].str());
  }
  const auto numbers = number_texts({found.begin(), found.end()});
  for (std::size_t i = 0; i < found.size(); ++i) listing.images[i].domain = numbers.at(found[i]);
}

void domains_by_file(const ReadTask& task, Listing& listing) {
  const auto domains = read_domains(task, listing.index);
  for (ListedImage& image : listing.images) {
    const auto found = domains.find(image.name);
    if (found == domains.end()) {
      throw InputError(fmt::format("no line for the image \"{}\"", image.name),
                       {(task.folder / task.options.text("domains_file")).string()});
    }
    image.domain = found->second;
  }
}

void check(const ReadTask& task, const Listing& listing) {
  if (listing.images.empty()) {
    throw InputError(fmt::format("no image of {} is left: looked for {} as the card describes them",
                                 task.card.spec.name, fmt::join(image_extensions(task), " ")),
                     {image_folder(task).string()});
  }
  const int classes = listing.classes.empty() ? task.card.spec.num_classes : static_cast<int>(listing.classes.size());
  std::set<std::string> names;
  for (const ListedImage& image : listing.images) {
    if (image.label < 0 || (classes > 0 && image.label >= classes)) {
      throw InputError(
          fmt::format("label {} is outside the {} classes of {}", image.label, classes, task.card.spec.name),
          {image.file.string()});
    }
    if (!names.insert(image.name).second) {
      throw InputError(fmt::format("two files have the name \"{}\": set read_options.extension", image.name),
                       {image.file.string()});
    }
  }
}

}  // namespace

std::vector<std::string> listing_options(std::vector<std::string> own) {
  for (const char* key : {"image_folder", "extension", "grayscale", "classes", "domain", "domains_file", "only",
                          "only_listed", "list_folders", "lists", "allow_missing"}) {
    own.emplace_back(key);
  }
  return own;
}

fs::path image_folder(const ReadTask& task) {
  const auto candidates = task.options.texts("image_folder", {"."});
  for (const std::string& candidate : candidates) {
    if (fs::is_directory(task.folder / candidate)) return (task.folder / candidate).lexically_normal();
  }
  throw InputError(fmt::format("{}: no folder {} here; `scant fetch {}`, or unpack the data by hand",
                               task.card.spec.name, fmt::join(candidates, " or "), task.card.spec.name),
                   {task.folder.string()});
}

std::vector<std::string> image_extensions(const ReadTask& task) {
  return task.options.texts("extension", {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"});
}

std::string without_extension(const std::string& name, const std::vector<std::string>& extensions) {
  for (const std::string& extension : extensions) {
    if (name.size() > extension.size() && name.ends_with(extension)) {
      return name.substr(0, name.size() - extension.size());
    }
  }
  return name;
}

std::optional<fs::path> find_image(const fs::path& root, const std::string& name,
                                   const std::vector<std::string>& extensions) {
  for (const std::string& extension : extensions) {
    fs::path file = root / (name + extension);
    if (fs::is_regular_file(file)) return file;
  }
  return std::nullopt;
}

std::vector<std::string> scan_images(const fs::path& root, const std::vector<std::string>& extensions) {
  std::vector<std::string> found;
  try {
    for (fs::recursive_directory_iterator entry(root, fs::directory_options::follow_directory_symlink), end;
         entry != end; ++entry) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with(".")) {
        entry.disable_recursion_pending();
        continue;
      }
      const bool wanted = std::any_of(extensions.begin(), extensions.end(),
                                      [&](const std::string& extension) { return name.ends_with(extension); });
      if (wanted && entry->is_regular_file()) found.push_back(entry->path().lexically_relative(root).generic_string());
    }
  } catch (const fs::filesystem_error& error) {
    throw InputError(fmt::format("cannot list the folder: {}", error.code().message()), {error.path1().string()});
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> known_classes(const ReadTask& task) {
  return task.options.texts("classes", task.card.spec.classes);
}

std::map<std::string, int> read_domains(const ReadTask& task, std::vector<fs::path>& index) {
  const fs::path file = task.folder / task.options.text("domains_file");
  const TableFile table = read_table(file);
  index.push_back(file);
  const std::size_t name = table.column("name"), domain = table.column("domain");
  std::set<std::string> texts;
  for (const auto& row : table.rows) texts.insert(row[domain]);
  const auto numbers = number_texts(texts);
  std::map<std::string, int> domains;
  for (const auto& row : table.rows) domains[row[name]] = numbers.at(row[domain]);
  return domains;
}

Listing finish_listing(const ReadTask& task, Listing listing) {
  if (task.options.has("only")) {
    const std::regex only = pattern_of(task, "only");
    std::erase_if(listing.images, [&](const ListedImage& image) { return !std::regex_search(image.name, only); });
  }
  if (task.options.flag("only_listed", false)) {
    std::set<std::string> listed;
    for (const auto& [name, label] : listed_names(task, listing.index)) listed.insert(name);
    std::erase_if(listing.images, [&](const ListedImage& image) { return !listed.contains(image.name); });
  }
  check(task, listing);
  if (task.options.has("domain") && task.options.has("domains_file")) {
    task.options.fail("domain", "cannot stand beside domains_file");
  }
  if (task.options.has("domain")) domains_by_pattern(task, listing);
  if (task.options.has("domains_file")) domains_by_file(task, listing);
  return listing;
}

std::vector<fs::path> files_of(const Listing& listing) {
  std::vector<fs::path> files = listing.index;
  for (const ListedImage& image : listing.images) files.push_back(image.file);
  return files;
}

std::vector<std::string> bank_classes(const ReadTask& task, const std::vector<std::string>& found) {
  const auto& stated = task.card.spec.classes;
  return found.empty() || stated.size() == found.size() ? stated : found;
}

}  // namespace scant
