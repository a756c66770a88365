// Finding the files of array parts.
#include "harness/data/io/array_parts.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/data/io/array_sink.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

fs::path find_part(const ReadTask& task, const std::string& name, bool gzip) {
  fs::path file = task.folder / name;
  if (fs::is_regular_file(file)) return file;
  if (gzip) {
    fs::path other =
        name.ends_with(".gz") ? task.folder / name.substr(0, name.size() - 3) : task.folder / (name + ".gz");
    if (fs::is_regular_file(other)) return other;
  }
  const bool packed = !gzip && fs::is_regular_file(task.folder / (name + ".gz"));
  throw InputError(packed ? fmt::format("is still packed: `gunzip {}.gz`", file.string())
                          : fmt::format("is absent; `scant fetch {}`", task.card.spec.name),
                   {file.string()});
}

}  // namespace

std::vector<ArrayPart> array_parts(const ReadTask& task, bool gzip) {
  std::vector<ArrayPart> parts;
  for (const auto& table : task.options.tables("parts", {"role", "images", "labels"})) {
    if (!table.contains("images") || !table.contains("labels")) {
      task.options.fail("parts", "every part needs images and labels");
    }
    const std::string role = table.contains("role") ? table.at("role") : "";
    parts.push_back({task.options.checked_role("parts", role), find_part(task, table.at("images"), gzip),
                     find_part(task, table.at("labels"), gzip)});
  }
  return parts;
}

std::vector<fs::path> files_of(const ReadTask& task, const std::vector<ArrayPart>& parts) {
  std::vector<fs::path> files;
  for (const ArrayPart& part : parts) files.insert(files.end(), {part.images, part.labels});
  if (task.options.has("domains_file")) files.push_back(task.folder / task.options.text("domains_file"));
  return files;
}

}  // namespace scant
