// Reader "cifar-binary": records of label bytes and 32 x 32 planar RGB, as CIFAR-10 and CIFAR-100 are published.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "harness/core/error.hpp"
#include "harness/data/io/array_sink.hpp"
#include "harness/data/io/batch_files.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

constexpr int side = 32;
constexpr std::size_t pixel_bytes = std::size_t{3} * side * side;
constexpr const char* folder = "cifar-10-batches-bin";

/// The file of class names, one a line, if there is one.
fs::path class_file(const ReadTask& task) {
  return task.folder / task.options.text("image_folder", folder) / task.options.text("class_file", "batches.meta.txt");
}

std::vector<std::string> class_names(const ReadTask& task) {
  std::vector<std::string> names;
  if (!fs::is_regular_file(class_file(task)) && !task.options.has("class_file")) return names;
  std::istringstream lines(read_file(class_file(task)));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  return names;
}

std::vector<fs::path> files(const ReadTask& task) {
  std::vector<fs::path> result;
  for (auto& [role, file] : batch_files(task, folder)) result.push_back(file);
  if (fs::is_regular_file(class_file(task))) result.push_back(class_file(task));
  if (task.options.has("domains_file")) result.push_back(task.folder / task.options.text("domains_file"));
  return result;
}

Decoded decode(const ReadTask& task) {
  const int label_bytes = task.options.number("label_bytes", 1);
  const int label_byte = task.options.number("label_byte", label_bytes - 1);
  if (label_bytes < 1 || label_byte < 0 || label_byte >= label_bytes) {
    task.options.fail("label_byte", fmt::format("must lie in 0..{}", label_bytes - 1));
  }
  const std::size_t record = static_cast<std::size_t>(label_bytes) + pixel_bytes;
  ArraySink sink(task);
  Pixels pixels;
  for (const auto& [role, file] : batch_files(task, folder)) {
    const std::string bytes = read_file(file);
    if (bytes.empty() || bytes.size() % record != 0) {
      throw InputError(
          fmt::format("{} bytes are no whole number of {}-byte records; fetch it again", bytes.size(), record),
          {file.string()});
    }
    for (std::size_t at = 0; at < bytes.size(); at += record) {
      const auto* first = reinterpret_cast<const std::byte*>(bytes.data()) + at;
      pixels.planar.assign(first + label_bytes, first + record);
      pixels.height = pixels.width = side;
      pixels.channels = 3;
      sink.add(role, pixels, std::to_integer<int>(first[label_byte]), file);
    }
  }
  return sink.finish(class_names(task));
}

}  // namespace

const Reader cifar_binary_reader{
    array_options({"image_folder", "files", "allow_missing", "label_bytes", "label_byte", "class_file"}), files,
    decode};

}  // namespace scant
