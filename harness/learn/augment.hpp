// The CPU kernels behind Samples: one pass from stored pixels (uint8, uint16 or float) to normalised float32, geometry
// by index arithmetic.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/core/catalogue.hpp"
#include "harness/data/bank.hpp"
#include "harness/data/resize.hpp"

namespace scant {

struct Normalisation;

/// Network input = (stored value - offset[c]) * scale[c]; /255 of 8-bit images and the normalisation in one.
struct PixelScale {
  std::vector<float> offset, scale;
};
PixelScale pixel_scale(const Normalisation& normalisation, PixelType type);

/// A side x side window of an image. `top` and `left` may lie outside: pixels are mirrored there without repeating the
/// border pixel (reflect-101). Flips apply to the finished window.
struct Window {
  int top = 0, left = 0;
  bool hflip = false, vflip = false;
};

/// Writes the window of one image to `out` (channels x side x side).
void write_window(const ImageBank& bank, std::int64_t index, const Window& window, int side, const PixelScale& scale,
                  float* out);

/// Buffers that write_resized reuses between images; one for each thread.
struct ResizeScratch {
  std::vector<std::uint8_t> rows, resized;
  std::vector<float> raw, resized_f32;
};

/// Resizes a box of one image to side x side (8-bit: Pillow's bilinear; others: plain bilinear), flips and normalises
/// it into `out` (channels x side x side).
void write_resized(const ImageBank& bank, std::int64_t index, const Box& box, bool hflip, bool vflip, int side,
                   const PixelScale& scale, float* out, ResizeScratch& scratch);

/// The bank's images `indices` in that order, sharing its pixels.
ImageBank sub_bank(const ImageBank& bank, const std::vector<std::int64_t>& indices);

/// Every image resized so that its shorter side is `size`, not cropped: the frame that a shifted crop moves in (specs:
/// gem (b), target size together with shift). A 16-bit bank becomes a float one.
ImageBank with_shorter_side(const ImageBank& bank, int size);

}  // namespace scant
