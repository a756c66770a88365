// Writes canvases as the files that the real data sets consist of.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "datasets/synthetic/canvas.hpp"

namespace scant::synthetic {

/// Writes a file and the folders above it. Throws InputError naming the file.
void write_bytes(const std::filesystem::path& file, std::string_view bytes);

/// Encodes by the file's extension (.jpg at quality 92, .png, .tif); one channel in [0,1] becomes 8-bit gray, three
/// RGB.
void write_image(const std::filesystem::path& file, const Canvas& canvas);

/// All channels as uint16, pixel-interleaved and uncompressed like EuroSAT's, on a 10 m UTM grid whose origin lies
/// `east` metres along. Throws InputError naming the file.
void write_geotiff(const std::filesystem::path& file, const Canvas& canvas, double east);

/// A record of CIFAR's binary version: one label byte, then the three planes.
std::string cifar_record(int label, const Canvas& canvas);

}  // namespace scant::synthetic
