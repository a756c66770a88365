// Tiles, their transforms and the products between them.
#include "harness/learn/kernels/winograd.hpp"

#include <algorithm>

#include "harness/learn/kernels/small_products.hpp"
#include "harness/learn/kernels/winograd_lines.hpp"

namespace scant::kernels {
namespace {

constexpr std::int64_t side = 6, step = 4;

/// Floats between two of the 36 planes of `values` each: never a multiple of a page, whose lines would drive each other
/// out of a cache's few places for them.
constexpr std::int64_t plane(std::int64_t values) {
  return values + 16;
}

/// Eight rows of eight values, `row` apart: their columns.
SCANT_PART_OF_KERNEL inline void turn(const float* from, std::int64_t row, float (*to)[lanes]) {
  for (std::int64_t r = 0; r < lanes; ++r) {
    for (std::int64_t c = 0; c < lanes; ++c) to[c][r] = from[r * row + c];
  }
}

/// The maps of a batch, and their tiles in order.
template <class Float>
struct Maps {
  Float* values;  // images x height x width x channels
  std::int64_t images, height, width, channels;

  SCANT_PART_OF_KERNEL std::int64_t down() const { return (height + step - 1) / step; }
  SCANT_PART_OF_KERNEL std::int64_t across() const { return (width + step - 1) / step; }
  SCANT_PART_OF_KERNEL std::int64_t tiles() const { return images * down() * across(); }

  /// Addresses of channel 0 of a tile's values, row by row: the Side x Side around or, for the outputs' 4, at its
  /// place; `outside` for those beyond the border.
  template <std::int64_t Side>
  SCANT_PART_OF_KERNEL void locate(std::int64_t tile, Float* outside, Float** at) const {
    constexpr std::int64_t border = (Side - step) / 2;
    const std::int64_t in_image = tile % (down() * across());
    const std::int64_t top = in_image / across() * step - border, left = in_image % across() * step - border;
    Float* map = values + tile / (down() * across()) * height * width * channels;
    for (std::int64_t y = top; y < top + Side; ++y) {
      for (std::int64_t x = left; x < left + Side; ++x) {
        const bool inside = y >= 0 && y < height && x >= 0 && x < width;
        *at++ = inside ? map + (y * width + x) * channels : outside;
      }
    }
  }
};

/// Tiles that are worked on at once.
struct Block {
  std::int64_t first, count;
};

/// As many as leave room for their transforms in a core's own cache, yet enough to use each transformed kernel well.
std::int64_t tiles_at_once(const ConvShape& shape) {
  const std::int64_t fit = (1 << 17) / (points * (shape.in + shape.out));
  return std::clamp<std::int64_t>(fit, 48, 96) / rows_at_once * rows_at_once;
}

/// count x depth tiles, 36 times, with a transformed kernel: 36 x count x columns.
SCANT_PART_OF_KERNEL inline void multiply_tiles(const float* tiles, std::int64_t count, std::int64_t depth,
                                                const float* kernel, std::int64_t columns, float* products) {
  for (std::int64_t p = 0; p < points; ++p) {
    const Left a{tiles + p * plane(count * depth), count, depth, 1};
    for (std::int64_t k = 0; k < columns; k += channel_step) {
      const Right b{kernel + p * plane(columns * depth) + k * depth, depth, channel_step};
      multiply_panel(a, b, products + p * plane(count * columns) + k, columns, false);
    }
  }
}

/// dkernel += dy^T x at each of the 36 points: out x in, from count tiles.
SCANT_PART_OF_KERNEL inline void add_kernel_gradient(const float* dy, const float* x, std::int64_t count,
                                                     std::int64_t out, std::int64_t in, float* dkernel) {
  for (std::int64_t p = 0; p < points; ++p) {
    const Left a{dy + p * plane(count * out), out, 1, out};
    for (std::int64_t c = 0; c < in; c += channel_step) {
      const Right b{x + p * plane(count * in) + c, count, in};
      multiply_panel(a, b, dkernel + p * plane(out * in) + c, in, true);
    }
  }
}

/// A block's tiles of Side x Side, transformed: 36 x count x channels. `zeros`: a value a channel.
template <class Line, std::int64_t Side>
SCANT_PART_OF_KERNEL inline void read_tiles(const Maps<const float> maps, const Block block, const float* zeros,
                                            float* transformed) {
  const std::int64_t distance = plane(block.count * maps.channels);
  for (std::int64_t t = 0; t < block.count; ++t) {
    const float* at[Side * Side];
    maps.locate<Side>(block.first + t, zeros, at);
    for (std::int64_t c = 0; c < maps.channels; c += lanes) {
      float* to = transformed + t * maps.channels + c;
      both_ways<Line, Side, side>([&](std::int64_t row, std::int64_t column)
                                      SCANT_PART_OF_KERNEL { return eight(at[row * Side + column] + c); },
                                  [&](std::int64_t row, std::int64_t column, Eight value)
                                      SCANT_PART_OF_KERNEL { eight(to + (row * side + column) * distance) = value; });
    }
  }
}

/// The way back: to a block's tiles of Side x Side, which are overwritten or, where they overlap, added to. What would
/// lie beyond the border goes to `nowhere`, which has a place a channel.
template <class Line, std::int64_t Side>
SCANT_PART_OF_KERNEL inline void write_tiles(const float* products, const Block block, float* nowhere,
                                             const Maps<float> maps) {
  const std::int64_t distance = plane(block.count * maps.channels);
  for (std::int64_t t = 0; t < block.count; ++t) {
    float* at[Side * Side];
    maps.locate<Side>(block.first + t, nowhere, at);
    for (std::int64_t c = 0; c < maps.channels; c += lanes) {
      const float* from = products + t * maps.channels + c;
      both_ways<Line, side, Side>([&](std::int64_t row, std::int64_t column)
                                      SCANT_PART_OF_KERNEL { return eight(from + (row * side + column) * distance); },
                                  [&](std::int64_t row, std::int64_t column, Eight value) SCANT_PART_OF_KERNEL {
                                    Eight& to = eight(at[row * Side + column] + c);
                                    to = Side > step ? to + value : value;
                                  });
    }
  }
}

/// A call's scratch: a value a channel, and blocks of transformed inputs, outputs and inputs' gradients.
struct Scratch {
  float *channels, *inputs, *outputs, *input_gradients;
};

SCANT_PART_OF_KERNEL inline Scratch divide(const ConvShape& shape, float* scratch) {
  const std::int64_t at_once = tiles_at_once(shape);
  float* inputs = scratch + std::max(shape.in, shape.out);
  float* outputs = inputs + points * plane(at_once * shape.in);
  return {scratch, inputs, outputs, outputs + points * plane(at_once * shape.out)};
}

}  // namespace

std::int64_t winograd_kernel_floats(const ConvShape& shape) {
  return points * plane(shape.in * shape.out);
}

std::int64_t winograd_scratch_floats(const ConvShape& shape) {
  return std::max(shape.in, shape.out) +
         points * (2 * plane(tiles_at_once(shape) * shape.in) + plane(tiles_at_once(shape) * shape.out));
}

SCANT_CPU_VERSIONS
void transform_kernel(const float* kernel, std::int64_t out, std::int64_t in, float* transformed) {
  float taps[9][lanes][lanes];  // tap, in, out
  for (std::int64_t k = 0; k < out; k += lanes) {
    for (std::int64_t c = 0; c < in; c += lanes) {
      for (std::int64_t t = 0; t < 9; ++t) turn(kernel + (k * 9 + t) * in + c, 9 * in, taps[t]);
      float* panel = transformed + k / channel_step * channel_step * in + c * channel_step + k % channel_step;
      for (std::int64_t i = 0; i < lanes; ++i, panel += channel_step) {
        both_ways<KernelLine, 3, side>([&](std::int64_t row, std::int64_t column)
                                           SCANT_PART_OF_KERNEL { return eight(taps[row * 3 + column][i]); },
                                       [&](std::int64_t row, std::int64_t column, Eight value) SCANT_PART_OF_KERNEL {
                                         eight(panel + (row * side + column) * plane(in * out)) = value;
                                       });
      }
    }
  }
}

SCANT_CPU_VERSIONS
void transform_kernel_turned(const float* kernel, std::int64_t out, std::int64_t in, float* transformed) {
  for (std::int64_t k = 0; k < out; ++k) {
    for (std::int64_t c = 0; c < in; c += lanes) {
      const float* taps = kernel + k * 9 * in + c;
      float* panel = transformed + c / channel_step * channel_step * out + k * channel_step + c % channel_step;
      both_ways<KernelLine, 3, side>([&](std::int64_t row, std::int64_t column)
                                         SCANT_PART_OF_KERNEL { return eight(taps + (row * 3 + column) * in); },
                                     [&](std::int64_t row, std::int64_t column, Eight value) SCANT_PART_OF_KERNEL {
                                       eight(panel + (row * side + column) * plane(in * out)) = value;
                                     });
    }
  }
}

SCANT_CPU_VERSIONS
void transform_kernel_gradient(const float* transformed, std::int64_t out, std::int64_t in, float* gradient) {
  for (std::int64_t k = 0; k < out; ++k) {
    for (std::int64_t c = 0; c < in; c += lanes) {
      const float* from = transformed + k * in + c;
      float* taps = gradient + k * 9 * in + c;
      both_ways<KernelLineAdjoint, side, 3>(
          [&](std::int64_t row, std::int64_t column)
              SCANT_PART_OF_KERNEL { return eight(from + (row * side + column) * plane(in * out)); },
          [&](std::int64_t row, std::int64_t column, Eight value)
              SCANT_PART_OF_KERNEL { eight(taps + (row * 3 + column) * in) = value; });
    }
  }
}

SCANT_CPU_VERSIONS
void winograd_forward(const ConvShape& shape, std::int64_t images, const float* x, const float* kernel, float* y,
                      float* scratch) {
  const Maps<const float> inputs{x, images, shape.height, shape.width, shape.in};
  const Maps<float> outputs{y, images, shape.height, shape.width, shape.out};
  const Scratch own = divide(shape, scratch);
  std::fill(own.channels, own.inputs, 0.F);
  const std::int64_t at_once = tiles_at_once(shape), tiles = inputs.tiles();
  for (std::int64_t first = 0; first < tiles; first += at_once) {
    const Block block{first, std::min(at_once, tiles - first)};
    read_tiles<InputLine, side>(inputs, block, own.channels, own.inputs);
    multiply_tiles(own.inputs, block.count, shape.in, kernel, shape.out, own.outputs);
    write_tiles<OutputLine, step>(own.outputs, block, own.input_gradients, outputs);
  }
}

SCANT_CPU_VERSIONS
void winograd_backward(const ConvShape& shape, std::int64_t images, const float* x, const float* dy,
                       const float* turned, float* dx, float* dkernel, float* scratch) {
  const Maps<const float> inputs{x, images, shape.height, shape.width, shape.in};
  const Maps<const float> outputs{dy, images, shape.height, shape.width, shape.out};
  const Maps<float> input_gradients{dx, images, shape.height, shape.width, shape.in};
  const Scratch own = divide(shape, scratch);
  std::fill(own.channels, own.inputs, 0.F);
  const std::int64_t at_once = tiles_at_once(shape), tiles = inputs.tiles();
  for (std::int64_t first = 0; first < tiles; first += at_once) {
    const Block block{first, std::min(at_once, tiles - first)};
    read_tiles<OutputLineAdjoint, step>(outputs, block, own.channels, own.outputs);
    if (dkernel != nullptr) {
      read_tiles<InputLine, side>(inputs, block, own.channels, own.inputs);
      add_kernel_gradient(own.outputs, own.inputs, block.count, shape.out, shape.in, dkernel);
    }
    if (dx != nullptr) {
      multiply_tiles(own.outputs, block.count, shape.out, turned, shape.in, own.input_gradients);
      write_tiles<InputLineAdjoint, side>(own.input_gradients, block, own.inputs, input_gradients);
    }
  }
}

}  // namespace scant::kernels
