// Conversions between channel layouts.
#include "harness/data/io/pixels.hpp"

#include <cstring>
#include <stdexcept>

namespace scant {
namespace {

template <class T>
void split_channels(const T* interleaved, std::int64_t pixels, int channels, T* planar) {
  for (int c = 0; c < channels; ++c) {
    for (std::int64_t i = 0; i < pixels; ++i) planar[c * pixels + i] = interleaved[i * channels + c];
  }
}

}  // namespace

std::string_view name_of(PixelType type) {
  switch (type) {
    case PixelType::u8:
      return "uint8";
    case PixelType::u16:
      return "uint16";
    case PixelType::f32:
      return "float32";
  }
  throw std::logic_error("a pixel type without a name");
}

void to_planar(const std::byte* interleaved, std::int64_t pixels, int channels, PixelType type, std::byte* planar) {
  switch (type) {
    case PixelType::u8:
      return split_channels(reinterpret_cast<const std::uint8_t*>(interleaved), pixels, channels,
                            reinterpret_cast<std::uint8_t*>(planar));
    case PixelType::u16:
      return split_channels(reinterpret_cast<const std::uint16_t*>(interleaved), pixels, channels,
                            reinterpret_cast<std::uint16_t*>(planar));
    case PixelType::f32:
      return split_channels(reinterpret_cast<const float*>(interleaved), pixels, channels,
                            reinterpret_cast<float*>(planar));
  }
}

bool match_channels(Pixels& pixels, int channels) {
  if (pixels.channels == channels) return true;
  const std::size_t plane = pixels.planar.size() / static_cast<std::size_t>(pixels.channels);
  if (pixels.channels == 1) {
    pixels.planar.resize(plane * static_cast<std::size_t>(channels));
    for (int c = 1; c < channels; ++c) {
      std::memcpy(pixels.planar.data() + plane * static_cast<std::size_t>(c), pixels.planar.data(), plane);
    }
  } else if (pixels.channels == 3 && channels == 1 && pixels.type == PixelType::u8) {
    auto* values = reinterpret_cast<std::uint8_t*>(pixels.planar.data());
    for (std::size_t i = 0; i < plane; ++i) {
      values[i] = luminance(values[i], values[plane + i], values[2 * plane + i]);
    }
    pixels.planar.resize(plane);
  } else {
    return false;
  }
  pixels.channels = channels;
  return true;
}

}  // namespace scant
