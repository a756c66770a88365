// Reader "hdf5": images and labels as N x H x W x C arrays in HDF5 files (PatchCamelyon), through GDAL.
#include <cpl_error.h>
#include <fmt/format.h>
#include <gdal_priv.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "harness/core/error.hpp"
#include "harness/data/io/array_parts.hpp"
#include "harness/data/io/array_sink.hpp"
#include "harness/data/io/parallel.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// An array of an open HDF5 file.
class Hdf5Array {
 public:
  Hdf5Array(const fs::path& file, const std::string& name) : where_(fmt::format("{}[{}]", file.string(), name)) {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    const char* const drivers[] = {"HDF5", nullptr};
    dataset_.reset(GDALDataset::FromHandle(
        GDALOpenEx(file.c_str(), GDAL_OF_MULTIDIM_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr)));
    const auto root = dataset_ ? dataset_->GetRootGroup() : nullptr;
    if (root) array_ = root->OpenMDArray(name);
    CPLPopErrorHandler();
    if (!dataset_) throw InputError(fmt::format("cannot be opened as HDF5: {}", CPLGetLastErrorMsg()), {file.string()});
    if (!array_) {
      throw InputError(fmt::format("has no array \"{}\"; it has {}", name,
                                   root ? fmt::format("{}", fmt::join(root->GetMDArrayNames(), ", ")) : "none"),
                       {file.string()});
    }
    for (const auto& dimension : array_->GetDimensions()) shape_.push_back(dimension->GetSize());
  }

  const std::vector<std::uint64_t>& shape() const { return shape_; }
  const std::string& where() const { return where_; }
  GDALDataType type() const { return array_->GetDataType().GetNumericDataType(); }

  /// Reads `count` entries of the first axis from `begin` on, as `type`, row-major.
  void read(std::uint64_t begin, std::uint64_t count, GDALDataType type, void* to) const {
    std::vector<GUInt64> start(shape_.size(), 0);
    std::vector<std::size_t> counts(shape_.begin(), shape_.end());
    start[0] = begin;
    counts[0] = count;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    const bool ok = array_->Read(start.data(), counts.data(), nullptr, nullptr, GDALExtendedDataType::Create(type), to);
    CPLPopErrorHandler();
    if (!ok) {
      throw InputError(fmt::format("entries {} to {} cannot be read ({}); fetch it again", begin, begin + count,
                                   CPLGetLastErrorMsg()),
                       {where_});
    }
  }

 private:
  struct Close {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
  };
  std::string where_;
  std::unique_ptr<GDALDataset, Close> dataset_;
  std::shared_ptr<GDALMDArray> array_;
  std::vector<std::uint64_t> shape_;
};

std::vector<double> read_labels(const Hdf5Array& array) {
  std::uint64_t values = 1;
  for (const std::uint64_t extent : array.shape()) values *= extent;
  if (array.shape().empty() || values != array.shape()[0]) {
    throw InputError("labels must be N, or N x 1 x ...", {array.where()});
  }
  std::vector<double> labels(values);
  if (values > 0) array.read(0, values, GDT_Float64, labels.data());
  for (const double label : labels) {
    if (label != static_cast<double>(static_cast<std::int64_t>(label))) {
      throw InputError(fmt::format("the label {} is no whole number", label), {array.where()});
    }
  }
  return labels;
}

void read_part(const ReadTask& task, const ArrayPart& part, ArraySink& sink) {
  const auto labels = read_labels(Hdf5Array(part.labels, task.options.text("label_array", "y")));
  const Hdf5Array images(part.images, task.options.text("image_array", "x"));
  const auto& shape = images.shape();
  if (shape.size() != 4 || images.type() != GDT_Byte) {
    throw InputError(fmt::format("images must be N x H x W x C of uint8, not {} axes of {}", shape.size(),
                                 GDALGetDataTypeName(images.type())),
                     {images.where()});
  }
  if (shape[0] != labels.size()) {
    throw InputError(fmt::format("{} images, but {} has {} labels", shape[0], part.labels.string(), labels.size()),
                     {images.where()});
  }
  const auto pixels = static_cast<std::int64_t>(shape[1] * shape[2]);
  const std::size_t image_bytes = static_cast<std::size_t>(pixels) * shape[3];
  constexpr std::size_t chunk_bytes = 32 << 20;
  const std::uint64_t chunk = std::max<std::uint64_t>(1, chunk_bytes / std::max<std::size_t>(image_bytes, 1));
  std::vector<std::byte> interleaved;
  for (std::uint64_t begin = 0; begin < shape[0]; begin += chunk) {
    const std::uint64_t count = std::min(chunk, shape[0] - begin);
    interleaved.resize(count * image_bytes);
    images.read(begin, count, GDT_Byte, interleaved.data());
    std::vector<Pixels> slots(count);
    parallel_for(count, task.threads, [&](std::size_t i) {
      slots[i] = {std::vector<std::byte>(image_bytes), static_cast<int>(shape[1]), static_cast<int>(shape[2]),
                  static_cast<int>(shape[3]), PixelType::u8};
      to_planar(interleaved.data() + i * image_bytes, pixels, slots[i].channels, PixelType::u8, slots[i].planar.data());
    });
    for (std::size_t i = 0; i < count; ++i) {
      sink.add(part.role, slots[i], static_cast<std::int64_t>(labels[begin + i]), part.images);
    }
  }
}

Decoded decode(const ReadTask& task) {
  static std::once_flag once;
  std::call_once(once, [] { GDALAllRegister(); });
  ArraySink sink(task);
  for (const ArrayPart& part : array_parts(task, false)) read_part(task, part, sink);
  return sink.finish();
}

}  // namespace

const Reader hdf5_reader{array_options({"parts", "image_array", "label_array"}),
                         [](const ReadTask& task) { return files_of(task, array_parts(task, false)); }, decode};

}  // namespace scant
