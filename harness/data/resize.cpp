// Pillow's separable filters on planar 8-bit and float images, and plain bilinear on floats.
#include "harness/data/resize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "harness/core/error.hpp"
#include "harness/data/resize_kernels.hpp"

namespace scant {
namespace {

/// The part of a resized image that is wanted: outputs [begin, begin + size) of an axis.
struct Window {
  int begin = 0, size = 0;
};

void check_box(int height, int width, const Box& box, int out_height, int out_width) {
  if (box.top < 0 || box.left < 0 || box.height <= 0 || box.width <= 0 || box.top + box.height > height ||
      box.left + box.width > width || out_height <= 0 || out_width <= 0) {
    throw InputError(fmt::format("cannot resize the box {} x {} at ({}, {}) of a {} x {} image to {} x {}", box.height,
                                 box.width, box.top, box.left, height, width, out_height, out_width));
  }
}

void resize_window(const std::uint8_t* image, int channels, int height, int width, const Box& box, int full_height,
                   int full_width, Window vertical, Window horizontal, Filter filter, std::uint8_t* out,
                   std::vector<std::uint8_t>& scratch) {
  check_box(height, width, box, full_height, full_width);
  const Kernel kernel = best_kernel();
  const ResizeAxis rows = resize_axis(box.height, full_height, filter);
  const PackedAxis columns =
      pack_axis(resize_axis(box.width, full_width, filter), box.width, horizontal.begin, horizontal.size);
  const auto first_row = [&](int y) { return rows.first[static_cast<std::size_t>(vertical.begin + y)]; };
  const auto row_count = [&](int y) { return rows.count[static_cast<std::size_t>(vertical.begin + y)]; };
  const int top = first_row(0);
  const int bottom = first_row(vertical.size - 1) + row_count(vertical.size - 1);

  const std::int64_t stride = std::int64_t{horizontal.size + 7} / 8 * 8;
  const int padded = columns.taps > box.width ? columns.taps : 0;  // a row shorter than the filter needs room
  scratch.resize(static_cast<std::size_t>(stride * (bottom - top) + padded));
  for (int c = 0; c < channels; ++c) {
    const std::uint8_t* from = image + (static_cast<std::int64_t>(c) * height + box.top + top) * width + box.left;
    if (padded == 0) {
      horizontal_u8(kernel, from, width, bottom - top, columns, scratch.data(), stride);
    } else {
      std::uint8_t* row = scratch.data() + stride * (bottom - top);
      for (int y = 0; y < bottom - top; ++y) {
        std::copy_n(from + static_cast<std::int64_t>(y) * width, box.width, row);
        std::fill(row + box.width, row + padded, std::uint8_t{0});
        horizontal_u8(kernel, row, padded, 1, columns, scratch.data() + stride * y, stride);
      }
    }
    for (int y = 0; y < vertical.size; ++y) {
      vertical_u8(kernel, scratch.data() + stride * (first_row(y) - top), stride,
                  rows.weight.data() + static_cast<std::ptrdiff_t>(vertical.begin + y) * rows.support, row_count(y),
                  horizontal.size, out);
      out += horizontal.size;
    }
  }
}

/// How far from its centre a filter reaches at scale 1.
double reach_of(Filter filter) {
  return filter == Filter::bilinear ? 1.0 : 2.0;
}

/// The filter at a distance >= 0 from its centre.
double weight_at(Filter filter, double x) {
  if (filter == Filter::bilinear) return x < 1.0 ? 1.0 - x : 0.0;
  constexpr double a = -0.5;
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
}

/// Which inputs an output sees, and with which weights; the weights sum to 1.
struct Taps {
  int first = 0;
  std::vector<double> weights;
};

/// Taps of output `i`, into `taps`, whose memory is reused.
void taps_of(int in, int out, Filter filter, int i, Taps& taps) {
  // Pillow, src/libImaging/Resample.c: precompute_coeffs, in the same order of operations.
  const double scale = static_cast<double>(in) / out;
  const double filter_scale = std::max(scale, 1.0);
  const double reach = reach_of(filter) * filter_scale;
  const double center = (i + 0.5) * scale;
  const double inverse = 1.0 / filter_scale;
  taps.first = std::max(0, static_cast<int>(center - reach + 0.5));
  const int count = std::min(in, static_cast<int>(center + reach + 0.5)) - taps.first;
  taps.weights.resize(static_cast<std::size_t>(count));
  double total = 0;
  for (int k = 0; k < count; ++k) {
    const double weight = weight_at(filter, std::abs((k + taps.first - center + 0.5) * inverse));
    taps.weights[static_cast<std::size_t>(k)] = weight;
    total += weight;
  }
  for (double& weight : taps.weights) weight /= total;
}

}  // namespace

ResizeAxis resize_axis(int in, int out, Filter filter) {
  ResizeAxis axis;
  const double reach = reach_of(filter) * std::max(static_cast<double>(in) / out, 1.0);
  axis.support = static_cast<int>(std::ceil(reach)) * 2 + 1;
  axis.first.resize(static_cast<std::size_t>(out));
  axis.count.resize(static_cast<std::size_t>(out));
  axis.weight.resize(static_cast<std::size_t>(out) * static_cast<std::size_t>(axis.support));
  Taps taps;
  for (int i = 0; i < out; ++i) {
    taps_of(in, out, filter, i, taps);
    axis.first[static_cast<std::size_t>(i)] = taps.first;
    axis.count[static_cast<std::size_t>(i)] = static_cast<int>(taps.weights.size());
    std::int32_t* fixed = axis.weight.data() + static_cast<std::ptrdiff_t>(i) * axis.support;
    for (const double weight : taps.weights) {
      *fixed++ = static_cast<std::int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << 22));
    }
  }
  return axis;
}

void resize_u8(const std::uint8_t* image, int channels, int height, int width, const Box& box, int out_height,
               int out_width, std::uint8_t* out, std::vector<std::uint8_t>& scratch, Filter filter) {
  resize_window(image, channels, height, width, box, out_height, out_width, {0, out_height}, {0, out_width}, filter,
                out, scratch);
}

void resample_f32(const float* image, int channels, int height, int width, const Box& box, int out_height,
                  int out_width, Filter filter, float* out, std::vector<float>& scratch) {
  check_box(height, width, box, out_height, out_width);
  // Columns first, as with bytes. Rows of `scratch` are the box's.
  scratch.resize(static_cast<std::size_t>(box.height) * static_cast<std::size_t>(out_width));
  std::vector<Taps> columns(static_cast<std::size_t>(out_width)), rows(static_cast<std::size_t>(out_height));
  for (int x = 0; x < out_width; ++x) taps_of(box.width, out_width, filter, x, columns[static_cast<std::size_t>(x)]);
  for (int y = 0; y < out_height; ++y) taps_of(box.height, out_height, filter, y, rows[static_cast<std::size_t>(y)]);
  const auto weighed = [](const float* from, std::ptrdiff_t stride, const Taps& taps) {
    double sum = 0;
    from += taps.first * stride;
    for (const double weight : taps.weights) {
      sum += weight * static_cast<double>(*from);
      from += stride;
    }
    return static_cast<float>(sum);
  };
  for (int c = 0; c < channels; ++c) {
    const float* plane = image + (static_cast<std::int64_t>(c) * height + box.top) * width + box.left;
    float* to = scratch.data();
    for (int y = 0; y < box.height; ++y) {
      const float* row = plane + static_cast<std::ptrdiff_t>(y) * width;
      for (const Taps& taps : columns) *to++ = weighed(row, 1, taps);
    }
    for (const Taps& taps : rows) {
      for (int x = 0; x < out_width; ++x) *out++ = weighed(scratch.data() + x, out_width, taps);
    }
  }
}

void test_view_u8(const std::uint8_t* image, int channels, int height, int width, int size, std::uint8_t* out,
                  std::vector<std::uint8_t>& scratch) {
  const auto [full_height, full_width] = shorter_side(height, width, size);
  const Box box = center_box(full_height, full_width, size);
  if (full_height != height || full_width != width) {
    resize_window(image, channels, height, width, {0, 0, height, width}, full_height, full_width, {box.top, size},
                  {box.left, size}, Filter::bilinear, out, scratch);
    return;
  }
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < size; ++y, out += size) {
      std::memcpy(out, image + (static_cast<std::int64_t>(c) * height + box.top + y) * width + box.left,
                  static_cast<std::size_t>(size));
    }
  }
}

void resize_f32(const float* image, int channels, int height, int width, const Box& box, int out_height, int out_width,
                float* out) {
  // Position of an output between two inputs, in float as torch computes it; in front of the first it stays there.
  struct Sample {
    int low, high;
    float share;  // of the higher
  };
  const auto samples = [](int in, int count) {
    const float scale = static_cast<float>(in) / static_cast<float>(count);
    std::vector<Sample> result;
    for (int i = 0; i < count; ++i) {
      const float at = std::max(0.0F, (static_cast<float>(i) + 0.5F) * scale - 0.5F);
      const int low = std::min(static_cast<int>(at), in - 1);
      result.push_back({low, std::min(low + 1, in - 1), at - static_cast<float>(low)});
    }
    return result;
  };
  const std::vector<Sample> rows = samples(box.height, out_height);
  const std::vector<Sample> columns = samples(box.width, out_width);
  for (int c = 0; c < channels; ++c) {
    const float* plane = image + (static_cast<std::int64_t>(c) * height + box.top) * width + box.left;
    for (const Sample& y : rows) {
      const float* upper = plane + static_cast<std::int64_t>(y.low) * width;
      const float* lower = plane + static_cast<std::int64_t>(y.high) * width;
      for (const Sample& x : columns) {
        const float above = (1 - x.share) * upper[x.low] + x.share * upper[x.high];
        const float below = (1 - x.share) * lower[x.low] + x.share * lower[x.high];
        *out++ = (1 - y.share) * above + y.share * below;
      }
    }
  }
}

std::pair<int, int> shorter_side(int height, int width, int size) {
  const int shorter = std::min(height, width), longer = std::max(height, width);
  if (shorter == size) return {height, width};
  // int(size * long / short) in floating point, as torchvision writes it; exact for image sizes.
  const int other = static_cast<int>(static_cast<double>(size) * longer / shorter);
  return height <= width ? std::pair{size, other} : std::pair{other, size};
}

}  // namespace scant
