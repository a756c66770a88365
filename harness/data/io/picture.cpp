// Decoding of ordinary pictures.
#include "harness/data/io/picture.hpp"

#include <fmt/format.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {
namespace {

std::uint8_t to_8_bits(std::uint16_t value) {
  return static_cast<std::uint8_t>((static_cast<std::uint32_t>(value) * 255U + 32767U) / 65535U);
}
std::uint8_t to_8_bits(std::uint8_t value) {
  return value;
}

/// OpenCV's interleaved BGR (or one channel) to planar RGB.
template <class T>
Pixels planar_rgb(const cv::Mat& image) {
  Pixels result;
  result.height = image.rows;
  result.width = image.cols;
  result.channels = image.channels();
  const std::size_t plane = static_cast<std::size_t>(image.rows) * static_cast<std::size_t>(image.cols);
  result.planar.resize(plane * static_cast<std::size_t>(result.channels));
  auto* out = reinterpret_cast<std::uint8_t*>(result.planar.data());
  for (int y = 0; y < image.rows; ++y) {
    const T* row = image.ptr<T>(y);
    std::uint8_t* first = out + static_cast<std::size_t>(y) * static_cast<std::size_t>(image.cols);
    if (result.channels == 1) {
      for (int x = 0; x < image.cols; ++x) first[x] = to_8_bits(row[x]);
      continue;
    }
    for (int x = 0; x < image.cols; ++x) {
      first[x] = to_8_bits(row[3L * x + 2]);
      first[plane + static_cast<std::size_t>(x)] = to_8_bits(row[3L * x + 1]);
      first[2 * plane + static_cast<std::size_t>(x)] = to_8_bits(row[3L * x]);
    }
  }
  return result;
}

}  // namespace

bool jpeg_is_whole(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t at = 2;  // behind the start-of-image marker
  while (at + 1 < bytes.size()) {
    if (byte(at) != 0xFF) {
      ++at;  // entropy-coded data, or fill between segments
      continue;
    }
    const unsigned marker = byte(at + 1);
    if (marker == 0xD9) return true;
    if (marker == 0xFF) {
      ++at;  // fill byte
    } else if (marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;  // stuffed byte or a marker without a length
    } else {
      // A segment is skipped as a whole: a thumbnail inside has an end marker of its own.
      if (at + 3 >= bytes.size()) return false;
      at += 2 + (static_cast<std::size_t>(byte(at + 2)) << 8 | byte(at + 3));
    }
  }
  return false;
}

Pixels decode_picture(const std::filesystem::path& file, int channels) {
  const std::string bytes = read_file(file);
  const Place place{file.string()};
  if (bytes.empty()) throw InputError("the file is empty; fetch it again", place);
  if (bytes.starts_with("\xFF\xD8") && !jpeg_is_whole(bytes)) {
    throw InputError(fmt::format("the JPEG breaks off after {} bytes; fetch it again", bytes.size()), place);
  }
  cv::Mat image;
  try {
    // ANYCOLOR and ANYDEPTH: the library's own conversions to gray and to 8 bits round differently from Pillow's.
    const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    image = cv::imdecode(encoded, cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception& error) {
    throw InputError(fmt::format("cannot be decoded: {}", error.err), place);
  }
  if (image.empty()) throw InputError("is no picture, or a damaged one; fetch it again", place);
  if (image.depth() != CV_8U && image.depth() != CV_16U) {
    throw InputError("pixels are neither 8 nor 16 bits: use the reader \"geotiff\"", place);
  }
  Pixels pixels = image.depth() == CV_8U ? planar_rgb<std::uint8_t>(image) : planar_rgb<std::uint16_t>(image);
  if (!match_channels(pixels, channels)) {
    throw InputError(fmt::format("{} channels cannot become {}", pixels.channels, channels), place);
  }
  return pixels;
}

}  // namespace scant
