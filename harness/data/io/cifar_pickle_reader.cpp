// Reader "cifar-pickle": CIFAR batches as python pickles, the layout in which ciFAIR is published.
#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/data/io/array_sink.hpp"
#include "harness/data/io/batch_files.hpp"
#include "harness/data/io/pickle.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

constexpr int side = 32;
constexpr std::size_t pixel_bytes = std::size_t{3} * side * side;
constexpr const char* folder = "cifar-10-batches-py";

std::vector<fs::path> files(const ReadTask& task) {
  std::vector<fs::path> result;
  for (auto& [role, file] : batch_files(task, folder)) result.push_back(file);
  if (task.options.has("domains_file")) result.push_back(task.folder / task.options.text("domains_file"));
  return result;
}

Decoded decode(const ReadTask& task) {
  const std::string label_key = task.options.text("label_key", "labels");
  ArraySink sink(task);
  Pixels pixels;
  for (const auto& [role, file] : batch_files(task, folder)) {
    const auto batch = read_pickle(file);
    const Pickled* data = batch->find("data");
    const Pickled* labels = batch->find(label_key);
    if (!data || data->kind != Pickled::Kind::array || !labels || labels->kind != Pickled::Kind::list ||
        data->text.size() != labels->items.size() * pixel_bytes) {
      throw InputError(fmt::format("is no CIFAR batch: needs \"data\" (N x {} uint8) and a list \"{}\" of N labels",
                                   pixel_bytes, label_key),
                       {file.string()});
    }
    const auto* first = reinterpret_cast<const std::byte*>(data->text.data());
    for (const auto& label : labels->items) {
      if (label->kind != Pickled::Kind::integer) throw InputError("a label is no integer", {file.string()});
      pixels.planar.assign(first, first + pixel_bytes);
      pixels.height = pixels.width = side;
      pixels.channels = 3;
      sink.add(role, pixels, label->integer, file);
      first += pixel_bytes;
    }
  }
  return sink.finish();
}

}  // namespace

const Reader cifar_pickle_reader{array_options({"image_folder", "files", "allow_missing", "label_key"}), files, decode};

}  // namespace scant
