// A bank's image as a small picture that people can look at.
#pragma once
#include <string>

#include "harness/data/bank.hpp"

namespace scant {

/// PNG bytes, RGB or gray, the longer side at most `longest` pixels (never enlarged). 8-bit images as they are; of more
/// than three bands 4, 3 and 2 are red, green and blue (Sentinel-2's order); other pixel types are stretched between
/// the image's own 2nd and 98th percentile of each band.
std::string thumbnail_png(const ImageBank& bank, std::int64_t index, int longest);

}  // namespace scant
