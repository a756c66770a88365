// Reader "list": images named by index files, either CUB's (ids, labels, class names) or the split files alone.
#include <fmt/format.h>

#include <charconv>
#include <set>
#include <sstream>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"
#include "harness/data/io/decode_files.hpp"
#include "harness/data/io/listing.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// Lines `<id> <text>` of one of CUB's index files, in file order.
struct IdFile {
  fs::path file;
  std::vector<std::pair<int, std::string>> lines;
  std::map<int, std::string> by_id;

  const std::string& of(int id) const {
    const auto found = by_id.find(id);
    if (found == by_id.end()) throw InputError(fmt::format("no line for id {}", id), {file.string()});
    return found->second;
  }

  int number(int id) const {
    const std::string& text = of(id);
    int value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ptr != text.data() + text.size()) {
      throw InputError(fmt::format("id {}: \"{}\" is no number", id, text), {file.string()});
    }
    return value;
  }
};

IdFile read_ids(const ReadTask& task, const std::string& key, std::vector<fs::path>& index) {
  IdFile result;
  result.file = task.folder / task.options.text(key);
  index.push_back(result.file);
  std::istringstream lines(read_file(result.file));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) continue;
    int id = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), id);
    const std::size_t gap = static_cast<std::size_t>(rest - line.data());
    if (error != std::errc() || gap + 1 >= line.size() || line[gap] != ' ') {
      throw InputError(fmt::format("\"{}\" is not `<id> <value>`", line), {result.file.string(), number});
    }
    result.lines.emplace_back(id, line.substr(gap + 1));
    if (!result.by_id.insert(result.lines.back()).second) {
      throw InputError(fmt::format("id {} a second time", id), {result.file.string(), number});
    }
  }
  return result;
}

/// Labels by the class ids of the files: the position in class_names, whose ids may have gaps (subsets of CUB), or
/// id - 1.
std::map<int, int> class_numbers(const ReadTask& task, const IdFile& labels, Listing& listing) {
  std::map<int, int> numbers;
  if (task.options.has("class_names")) {
    for (const auto& [id, name] : read_ids(task, "class_names", listing.index).lines) {
      numbers.emplace(id, static_cast<int>(listing.classes.size()));
      listing.classes.push_back(name);
    }
    return numbers;
  }
  for (const auto& line : labels.lines) {
    const int id = labels.number(line.first);
    numbers.emplace(id, id - 1);
  }
  return numbers;
}

Listing from_index(const ReadTask& task) {
  Listing listing;
  const IdFile images = read_ids(task, "images", listing.index);
  const IdFile labels = read_ids(task, "labels", listing.index);
  const bool has_roles = task.options.has("roles");
  const IdFile roles = has_roles ? read_ids(task, "roles", listing.index) : IdFile{};
  const auto numbers = class_numbers(task, labels, listing);
  const fs::path root = image_folder(task);
  const auto extensions = image_extensions(task);
  const bool allow_missing = task.options.flag("allow_missing", false);
  for (const auto& [id, path] : images.lines) {
    const auto number = numbers.find(labels.number(id));
    if (number == numbers.end()) {
      throw InputError(fmt::format("image {} has class {}, which has no name", id, labels.number(id)),
                       {labels.file.string()});
    }
    ListedImage image{root / path, without_extension(path, extensions), number->second, -1, {}};
    if (has_roles) image.role = roles.number(id) == 1 ? "train" : "test";
    if (!fs::is_regular_file(image.file)) {
      if (allow_missing) continue;
      throw InputError(fmt::format("is named in {} but absent", images.file.string()), {image.file.string()});
    }
    listing.images.push_back(std::move(image));
  }
  return listing;
}

Listing from_splits(const ReadTask& task) {
  Listing listing;
  listing.classes = known_classes(task);
  const fs::path root = image_folder(task);
  const auto extensions = image_extensions(task);
  const bool allow_missing = task.options.flag("allow_missing", false);
  for (const auto& [name, label] : listed_names(task, listing.index)) {
    const auto file = find_image(root, name, extensions);
    if (file) {
      listing.images.push_back({*file, name, label, -1, {}});
    } else if (!allow_missing) {
      throw InputError(fmt::format("is named in the split files of {} but absent (looked for {})", task.card.spec.name,
                                   fmt::join(extensions, " ")),
                       {(root / name).string()});
    }
  }
  return listing;
}

}  // namespace

Listing list_from_files(const ReadTask& task) {
  return finish_listing(task, task.options.has("images") ? from_index(task) : from_splits(task));
}

const Reader list_reader{
    listing_options({"images", "labels", "class_names", "roles"}),
    [](const ReadTask& task) { return files_of(list_from_files(task)); },
    [](const ReadTask& task) { return decode_pictures(task, list_from_files(task)); },
};

}  // namespace scant
