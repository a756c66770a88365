// From a listing to a bank: every file decoded in parallel, added in the listing's order.
#pragma once
#include <filesystem>

#include "harness/data/io/listing.hpp"
#include "harness/data/io/pixels.hpp"

namespace scant {

/// Decodes all images of a listing with `decode_one`, at most `task.threads` at a time and a few dozen in memory. All
/// must have the type and the channels of the first. Throws InputError naming the file.
Decoded decode_listing(const ReadTask& task, const Listing& listing,
                       const std::function<Pixels(const std::filesystem::path&)>& decode_one);

/// The same for jpg, png, tif and bmp pictures: 8 bits, RGB or (grayscale) one luminance channel.
Decoded decode_pictures(const ReadTask& task, const Listing& listing);

}  // namespace scant
