// Split files as a source of names: which images are needed at all, and for some data sets the only source of labels.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"
#include "harness/data/io/listing.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// Shell-like match where only * is special.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
  }
  return !text.empty() && pattern[0] == text[0] && matches(pattern.substr(1), text.substr(1));
}

std::vector<std::string> list_folders(const ReadTask& task) {
  const Json& split = task.card.split.options;
  std::vector<std::string> fallback = {"splits", "."};
  if (const auto stated = split.is_object() ? split.find("folders") : split.end();
      stated != split.end() && stated->is_array()) {
    fallback = stated->get<std::vector<std::string>>();
  }
  return task.options.texts("list_folders", fallback);
}

std::vector<fs::path> matching_files(const fs::path& folder, const std::vector<std::string>& patterns) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool wanted = std::any_of(patterns.begin(), patterns.end(),
                                    [&](const std::string& pattern) { return matches(pattern, name); });
    if (wanted && entry.is_regular_file()) files.push_back(entry.path().lexically_normal());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> find_lists(const ReadTask& task) {
  const auto patterns = task.options.texts("lists", {"train*.txt", "val*.txt", "trainval*.txt", "test*.txt"});
  const auto folders = list_folders(task);
  // A data root may hold the lists of several sets beside their folders.
  for (const fs::path& root : {task.folder, fs::absolute(task.folder).lexically_normal().parent_path()}) {
    for (const std::string& folder : folders) {
      auto files = matching_files(root / folder, patterns);
      if (!files.empty()) return files;
    }
  }
  throw InputError(
      fmt::format("{}: no split file {} in {} (below this folder or beside it); `scant fetch {}`, or put them there",
                  task.card.spec.name, fmt::join(patterns, " or "), fmt::join(folders, " or "), task.card.spec.name),
      {task.folder.string()});
}

}  // namespace

std::vector<std::pair<std::string, int>> listed_names(const ReadTask& task, std::vector<fs::path>& index) {
  const auto extensions = image_extensions(task);
  std::vector<std::pair<std::string, int>> names;
  std::map<std::string, int> labels;
  for (const fs::path& file : find_lists(task)) {
    index.push_back(file);
    std::istringstream lines(read_file(file));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const std::size_t last = line.find_last_not_of(" \t\r");
      if (last == std::string::npos) continue;
      const std::size_t gap = line.find_last_of(" \t", last);
      const std::size_t name_end = gap == std::string::npos ? gap : line.find_last_not_of(" \t", gap);
      int label = -1;
      const char* end = line.data() + last + 1;
      if (name_end == std::string::npos || std::from_chars(line.data() + gap + 1, end, label).ptr != end || label < 0) {
        throw InputError(fmt::format("\"{}\" is not `<name> <label>`", line.substr(0, last + 1)),
                         {file.string(), number});
      }
      const std::size_t begin = line.find_first_not_of(" \t");
      const std::string name = without_extension(line.substr(begin, name_end + 1 - begin), extensions);
      const auto [known, fresh] = labels.emplace(name, label);
      if (fresh) names.emplace_back(name, label);
      if (known->second != label) {
        throw InputError(fmt::format("\"{}\" has label {} here and {} in another list", name, label, known->second),
                         {file.string(), number});
      }
    }
  }
  return names;
}

}  // namespace scant
