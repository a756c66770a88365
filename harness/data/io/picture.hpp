// jpg, png, tif and bmp files through OpenCV.
#pragma once
#include <filesystem>
#include <string_view>

#include "harness/data/io/pixels.hpp"

namespace scant {

/// Decodes a file to 8 bits, planar, 3 channels (RGB) or 1 (luminance, integer Rec. 601 as Pillow computes it; a gray
/// file's own values). A gray file fills all three channels; transparency is dropped; 1-bit pixels become 0 and 255;
/// 16-bit values are scaled by 255/65535 and rounded. EXIF orientation is not applied. Throws InputError naming the
/// file if it is empty, truncated or no picture.
Pixels decode_picture(const std::filesystem::path& file, int channels);

/// Whether a JPEG runs to its end-of-image marker. libjpeg fills what is missing with gray and reports success.
bool jpeg_is_whole(std::string_view bytes);

}  // namespace scant
