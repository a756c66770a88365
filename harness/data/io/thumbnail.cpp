// Small pictures of images of any band count and pixel type.
#include "harness/data/thumbnail.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

#include "harness/data/resize.hpp"

namespace scant {
namespace {

std::vector<int> visible_bands(int channels) {
  if (channels == 1) return {0};
  return channels == 3 ? std::vector<int>{0, 1, 2} : channels > 3 ? std::vector<int>{3, 2, 1} : std::vector<int>{0};
}

/// One band in 8 bits.
template <class T>
void stretch(const T* values, std::size_t n, std::uint8_t* out) {
  std::vector<T> sorted(values, values + n);
  const auto quantile = [&](double share) {
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(n - 1));
    std::nth_element(sorted.begin(), at, sorted.end());
    return static_cast<double>(*at);
  };
  const double low = quantile(0.02), high = quantile(0.98);
  const double scale = high > low ? 255 / (high - low) : 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<std::uint8_t>(std::clamp((static_cast<double>(values[i]) - low) * scale, 0.0, 255.0));
  }
}

}  // namespace

std::string thumbnail_png(const ImageBank& bank, std::int64_t index, int longest) {
  const ImageShape& shape = bank.shapes.at(static_cast<std::size_t>(index));
  const std::size_t plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  const std::vector<int> bands = visible_bands(bank.channels);
  std::vector<std::uint8_t> planar(bands.size() * plane);
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const std::size_t first = static_cast<std::size_t>(bands[b]) * plane;
    std::uint8_t* out = planar.data() + b * plane;
    if (bank.type == PixelType::u8) std::copy_n(bank.image<std::uint8_t>(index) + first, plane, out);
    if (bank.type == PixelType::u16) stretch(bank.image<std::uint16_t>(index) + first, plane, out);
    if (bank.type == PixelType::f32) stretch(bank.image<float>(index) + first, plane, out);
  }
  const int longer = std::max(shape.height, shape.width);
  const double scale = longer > longest ? static_cast<double>(longest) / longer : 1;
  const int height = std::max(1, static_cast<int>(shape.height * scale));
  const int width = std::max(1, static_cast<int>(shape.width * scale));
  const int channels = static_cast<int>(bands.size());
  const std::size_t small = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  std::vector<std::uint8_t> resized(bands.size() * small), scratch;
  resize_u8(planar.data(), channels, shape.height, shape.width, {0, 0, shape.height, shape.width}, height, width,
            resized.data(), scratch);
  cv::Mat image(height, width, channels == 3 ? CV_8UC3 : CV_8UC1);
  for (std::size_t i = 0; i < small; ++i) {
    for (int c = 0; c < channels; ++c) {  // OpenCV wants blue first
      image.data[i * static_cast<std::size_t>(channels) + static_cast<std::size_t>(channels - 1 - c)] =
          resized[static_cast<std::size_t>(c) * small + i];
    }
  }
  std::vector<std::uint8_t> png;
  if (!cv::imencode(".png", image, png)) throw std::runtime_error("a picture could not be encoded as PNG");
  return {png.begin(), png.end()};
}

}  // namespace scant
