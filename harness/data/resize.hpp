// Pillow's bilinear and bicubic resize (filters whose support grows with the reduction) and torchvision's crop rules,
// bit for bit on 8-bit images.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/core/random.hpp"

namespace scant {

/// A rectangle of an image, in pixels.
struct Box {
  int top = 0, left = 0, height = 0, width = 0;
};

enum class Filter { bilinear, bicubic };

/// One axis of Pillow's resize: output i is the sum over k < count[i] of weight[i*support + k] * input[first[i] + k].
/// Weights are 22-bit fixed point, as Pillow's 8-bit path uses them.
struct ResizeAxis {
  int support = 0;
  std::vector<int> first, count;
  std::vector<std::int32_t> weight;
};
/// `in` pixels (already cropped) to `out` pixels.
ResizeAxis resize_axis(int in, int out, Filter filter = Filter::bilinear);

/// Resizes the box of a planar 8-bit image (channels x height x width) to channels x out_height x out_width: horizontal
/// pass, 8-bit rounding, vertical pass. `scratch` is reused between calls.
void resize_u8(const std::uint8_t* image, int channels, int height, int width, const Box& box, int out_height,
               int out_width, std::uint8_t* out, std::vector<std::uint8_t>& scratch, Filter filter = Filter::bilinear);
/// The same filters on floats, without rounding and without limits: Pillow's mode "F".
void resample_f32(const float* image, int channels, int height, int width, const Box& box, int out_height,
                  int out_width, Filter filter, float* out, std::vector<float>& scratch);

/// Test-time view of a planar 8-bit image: shorter side to `size`, centre crop; channels x size x size.
void test_view_u8(const std::uint8_t* image, int channels, int height, int width, int size, std::uint8_t* out,
                  std::vector<std::uint8_t>& scratch);

/// Plain bilinear with half-pixel centres and no antialiasing, for float images (torch's interpolate, align_corners =
/// false).
void resize_f32(const float* image, int channels, int height, int width, const Box& box, int out_height, int out_width,
                float* out);

/// Shorter side becomes `size`, longer side int(size*long/short). Returns {height, width}.
std::pair<int, int> shorter_side(int height, int width, int size);

/// Centre box; offsets round half to even.
Box center_box(int height, int width, int size);

/// torchvision's random resized crop, aspect in [3/4, 4/3], max scale 1: up to 10 attempts, then the centred fallback.
Box random_resized_crop(int height, int width, double min_scale, double max_scale, Random& random);
/// One attempt of it: the box's {height, width} for an area share and an aspect (width over height), and whether it
/// fits.
bool crop_candidate(int height, int width, double area_share, double aspect, int& crop_height, int& crop_width);
Box crop_fallback(int height, int width);

}  // namespace scant
