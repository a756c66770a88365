// Encoders of the generated images: OpenCV for jpg, png and tif, GDAL for GeoTIFF.
#include "datasets/synthetic/files.hpp"

#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <fstream>
#include <memory>
#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.hpp"

namespace scant::synthetic {
namespace {

std::uint8_t byte_of(float value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.f, 1.f) * 255.f));
}

}  // namespace

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
  // No flush to disk for each of thousands of files: the caller renames the whole folder when it is complete.
  std::ofstream stream(file, std::ios::binary);
  if (!stream) {  // mostly the first file of its folder
    std::error_code failure;
    std::filesystem::create_directories(file.parent_path(), failure);
    stream.clear();
    stream.open(file, std::ios::binary);
  }
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream)
    throw InputError("cannot write this file: check the folder's permissions and free space", {file.string()});
}

void write_image(const std::filesystem::path& file, const Canvas& canvas) {
  cv::Mat image(canvas.height, canvas.width, canvas.channels == 1 ? CV_8UC1 : CV_8UC3);
  for (int y = 0; y < canvas.height; ++y)
    for (int x = 0; x < canvas.width; ++x)
      for (int c = 0; c < canvas.channels; ++c)  // OpenCV stores blue first
        image.ptr(y)[x * canvas.channels + (canvas.channels - 1 - c)] =
            byte_of(canvas.plane(c)[static_cast<std::size_t>(y) * canvas.width + x]);
  std::vector<unsigned char> bytes;
  std::vector<int> settings;
  const std::string extension = file.extension().string();
  if (extension == ".jpg") settings = {cv::IMWRITE_JPEG_QUALITY, 92};
  if (extension == ".png") settings = {cv::IMWRITE_PNG_COMPRESSION, 3};
  if (!cv::imencode(extension, image, bytes, settings))
    throw InputError(fmt::format("OpenCV cannot encode '{}'", extension), {file.string()});
  write_bytes(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void write_geotiff(const std::filesystem::path& file, const Canvas& canvas, double east) {
  static const bool registered = (GDALAllRegister(), true);
  auto* driver = registered ? GetGDALDriverManager()->GetDriverByName("GTiff") : nullptr;
  if (!driver) throw InputError("this GDAL has no GTiff driver", {file.string()});
  // Written in memory first: GDAL seeks back and forth, and one write a file is several times faster.
  const std::string memory = fmt::format("/vsimem/{}", file.filename().string());
  const char* settings[] = {"INTERLEAVE=PIXEL", nullptr};
  struct Close {
    void operator()(GDALDataset* set) const { GDALClose(set); }
  };
  std::unique_ptr<GDALDataset, Close> set(driver->Create(memory.c_str(), canvas.width, canvas.height, canvas.channels,
                                                         GDT_UInt16, const_cast<char**>(settings)));
  if (!set) throw InputError(fmt::format("GDAL cannot create this file: {}", CPLGetLastErrorMsg()), {file.string()});
  static const OGRSpatialReference grid = [] {
    OGRSpatialReference utm;
    utm.SetUTM(32, TRUE);
    utm.SetWellKnownGeogCS("WGS84");
    return utm;
  }();
  double transform[] = {500000.0 + east, 10, 0, 5400000, 0, -10};
  set->SetSpatialRef(&grid);
  set->SetGeoTransform(transform);
  std::vector<std::uint16_t> planes(canvas.values.size());
  for (std::size_t i = 0; i < planes.size(); ++i)
    planes[i] = static_cast<std::uint16_t>(std::lround(std::clamp(canvas.values[i], 0.f, 65535.f)));
  if (set->RasterIO(GF_Write, 0, 0, canvas.width, canvas.height, planes.data(), canvas.width, canvas.height, GDT_UInt16,
                    canvas.channels, nullptr, 0, 0, 0) != CE_None)
    throw InputError(fmt::format("GDAL cannot write this file: {}", CPLGetLastErrorMsg()), {file.string()});
  set.reset();
  vsi_l_offset size = 0;
  const std::unique_ptr<GByte, decltype(&VSIFree)> bytes(VSIGetMemFileBuffer(memory.c_str(), &size, TRUE), &VSIFree);
  write_bytes(file, {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)});
}

std::string cifar_record(int label, const Canvas& canvas) {
  std::string record(1, static_cast<char>(label));
  for (float value : canvas.values) record += static_cast<char>(byte_of(value));
  return record;
}

}  // namespace scant::synthetic
