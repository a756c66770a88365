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

/// Flips, then quarter turns against the clock.
struct Orientation {
  bool hflip = false, vflip = false;
  int turns = 0;  // 0..3
};

/// Writes channels x height x width values as floats, turned and flipped; an odd number of turns swaps height and
/// width.
template <class T>
void write_oriented(const T* image, int channels, int height, int width, const Orientation& orientation, float* out);
extern template void write_oriented(const std::uint8_t*, int, int, int, const Orientation&, float*);
extern template void write_oriented(const float*, int, int, int, const Orientation&, float*);

/// Buffers that write_resized and write_view reuse between images; one for each thread.
struct ResizeScratch {
  std::vector<std::uint8_t> rows, resized;
  std::vector<float> raw, resized_f32, rows_f32;
};

/// Resizes a box of one image to side x side (8-bit: Pillow's bilinear; others: plain bilinear), flips and normalises
/// it into `out` (channels x side x side).
void write_resized(const ImageBank& bank, std::int64_t index, const Box& box, bool hflip, bool vflip, int side,
                   const PixelScale& scale, float* out, ResizeScratch& scratch);

/// Resizes a box of one image to side x side with Pillow's filter, 8-bit images in whole numbers, and writes it
/// oriented and in stored units to `out` (channels x side x side).
void write_view(const ImageBank& bank, std::int64_t index, const Box& box, const Orientation& orientation, int side,
                Filter filter, float* out, ResizeScratch& scratch);

/// The bank's images `indices` in that order, sharing its pixels.
ImageBank sub_bank(const ImageBank& bank, const std::vector<std::int64_t>& indices);

/// Every image resized so that its shorter side is `size`, not cropped: the frame that a shifted crop moves in (specs:
/// gem (b), target size together with shift). A 16-bit bank becomes a float one.
ImageBank with_shorter_side(const ImageBank& bank, int size);

}  // namespace scant
