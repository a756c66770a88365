// One decoded image, and the conversions between channel layouts that all readers share.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/data/bank.hpp"

namespace scant {

struct Pixels {
  std::vector<std::byte> planar;  // channels x height x width values of `type`
  int height = 0, width = 0, channels = 0;
  PixelType type = PixelType::u8;
};

/// "uint8", "uint16", "float32".
std::string_view name_of(PixelType type);

/// Pillow's integer Rec. 601 luminance of 8-bit RGB.
inline std::uint8_t luminance(int red, int green, int blue) {
  return static_cast<std::uint8_t>((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}

/// Interleaved height x width x channels values to planar channels x height x width.
void to_planar(const std::byte* interleaved, std::int64_t pixels, int channels, PixelType type, std::byte* planar);

/// Makes `pixels` have `channels` channels: one is replicated into three, three 8-bit ones become luminance. Returns
/// false where that is not possible.
bool match_channels(Pixels& pixels, int channels);

}  // namespace scant
