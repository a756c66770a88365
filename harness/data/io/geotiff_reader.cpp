// Reader "geotiff": multispectral images through GDAL, any interleave and compression, values untouched.
#include <cpl_conv.h>
#include <cpl_error.h>
#include <fmt/format.h>
#include <gdal_priv.h>

#include <memory>
#include <mutex>

#include "harness/core/error.hpp"
#include "harness/data/io/decode_files.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

struct CloseDataset {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};

/// GDAL's own messages would go to stderr; they belong into the exception.
struct QuietErrors {
  QuietErrors() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietErrors() { CPLPopErrorHandler(); }
};

struct Stored {
  PixelType type;
  GDALDataType gdal;
};

/// How a band's values are kept. Signed 16-bit values fit a float exactly; 32-bit integers and doubles would not.
Stored stored_as(GDALDataType type, const fs::path& file) {
  switch (type) {
    case GDT_Byte:
      return {PixelType::u8, GDT_Byte};
    case GDT_UInt16:
      return {PixelType::u16, GDT_UInt16};
    case GDT_Int16:
    case GDT_Float32:
      return {PixelType::f32, GDT_Float32};
    default:
      throw InputError(fmt::format("bands of type {} are not read: convert to Byte, UInt16, Int16 or Float32",
                                   GDALGetDataTypeName(type)),
                       {file.string()});
  }
}

Pixels decode_geotiff(const fs::path& file, const std::vector<int>& indices, int expected) {
  const QuietErrors quiet;
  // Without these every open lists the folder for side files, which costs more than reading a 64 x 64 tile.
  CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
  CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO");
  const char* const drivers[] = {"GTiff", nullptr};
  const std::unique_ptr<GDALDataset, CloseDataset> dataset(
      GDALDataset::FromHandle(GDALOpenEx(file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr)));
  if (!dataset) {
    throw InputError(fmt::format("cannot be opened as GeoTIFF: {}", CPLGetLastErrorMsg()), {file.string()});
  }
  const int stored_bands = dataset->GetRasterCount();
  std::vector<int> bands;
  if (indices.empty()) {
    for (int b = 1; b <= stored_bands; ++b) bands.push_back(b);
  }
  for (const int index : indices) {
    if (index < 0 || index >= stored_bands) {
      throw InputError(fmt::format("band_indices asks for band {} of 0..{}", index, stored_bands - 1), {file.string()});
    }
    bands.push_back(index + 1);
  }
  if (static_cast<int>(bands.size()) != expected) {
    throw InputError(fmt::format("{} bands where the card says {}", bands.size(), expected), {file.string()});
  }
  const auto [type, gdal] = stored_as(dataset->GetRasterBand(bands[0])->GetRasterDataType(), file);
  Pixels pixels;
  pixels.type = type;
  pixels.height = dataset->GetRasterYSize();
  pixels.width = dataset->GetRasterXSize();
  pixels.channels = expected;
  pixels.planar.resize(bands.size() * static_cast<std::size_t>(pixels.height) * static_cast<std::size_t>(pixels.width) *
                       static_cast<std::size_t>(bytes_of(type)));
  CPLErrorReset();
  const CPLErr status = dataset->RasterIO(GF_Read, 0, 0, pixels.width, pixels.height, pixels.planar.data(),
                                          pixels.width, pixels.height, gdal, expected, bands.data(), 0, 0, 0, nullptr);
  // Some decoders only warn about a truncated strip and leave zeros: a warning counts as damage here.
  if (status != CE_None || CPLGetLastErrorType() >= CE_Warning) {
    throw InputError(fmt::format("the pixels cannot be read ({}); fetch it again", CPLGetLastErrorMsg()),
                     {file.string()});
  }
  return pixels;
}

Listing list_geotiffs(const ReadTask& task) {
  if (task.options.has("table")) return list_table(task);
  const bool lists_name_all = task.options.has("lists") && !task.options.flag("only_listed", false);
  if (task.options.has("images") || lists_name_all) return list_from_files(task);
  return list_class_folders(task);
}

Decoded decode_geotiffs(const ReadTask& task) {
  static std::once_flag once;
  std::call_once(once, [] { GDALAllRegister(); });
  const std::vector<int> indices = task.options.numbers("band_indices");
  return decode_listing(task, list_geotiffs(task),
                        [&](const fs::path& file) { return decode_geotiff(file, indices, task.card.spec.bands); });
}

}  // namespace

const Reader geotiff_reader{
    listing_options({"band_indices", "class_depth", "roles", "ignore_other_folders", "images", "labels", "class_names",
                     "table", "path", "label", "one_hot", "domain_column", "role", "role_values"}),
    [](const ReadTask& task) { return files_of(list_geotiffs(task)); },
    decode_geotiffs,
};

}  // namespace scant
