// Tiles, their transforms and the products between them.
#include "harness/learn/kernels/winograd.hpp"

#include <algorithm>

#include "harness/learn/kernels/lanes.hpp"

namespace scant::kernels {
namespace {

constexpr std::int64_t side = 6, step = 4, rows_at_once = 6;

/// Floats between two of the 36 planes of `values` each: never a multiple of a page, whose lines would drive each other
/// out of a cache's few places for them.
constexpr std::int64_t plane(std::int64_t values) {
  return values + 16;
}

// B^T d
struct InputLine {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight even = from[4] - 4 * from[2], odd = from[3] - 4 * from[1];
    const Eight outer = from[4] - from[2], inner = 2 * (from[3] - from[1]);
    const Eight first = 4 * from[0] - 5 * from[2] + from[4], last = 4 * from[1] - 5 * from[3] + from[5];
    to[0] = first;
    to[1] = even + odd;
    to[2] = even - odd;
    to[3] = outer + inner;
    to[4] = outer - inner;
    to[5] = last;
  }
};

// B v
struct InputLineAdjoint {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight sum = from[1] + from[2], difference = from[2] - from[1];
    const Eight wide_sum = from[3] + from[4], wide_difference = from[4] - from[3];
    const Eight v0 = from[0], v5 = from[5];
    to[0] = 4 * v0;
    to[1] = 4 * difference + 2 * wide_difference + 4 * v5;
    to[2] = -5 * v0 - 4 * sum - wide_sum;
    to[3] = -difference - 2 * wide_difference - 5 * v5;
    to[4] = v0 + sum + wide_sum;
    to[5] = v5;
  }
};

// A^T m
struct OutputLine {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight sum = from[1] + from[2], difference = from[1] - from[2];
    const Eight wide_sum = from[3] + from[4], wide_difference = from[3] - from[4];
    const Eight m0 = from[0], m5 = from[5];
    to[0] = m0 + sum + wide_sum;
    to[1] = difference + 2 * wide_difference;
    to[2] = sum + 4 * wide_sum;
    to[3] = difference + 8 * wide_difference + m5;
  }
};

// A y
struct OutputLineAdjoint {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight y0 = from[0], y3 = from[3];
    const Eight even = y0 + from[2], odd = from[1] + y3;
    const Eight wide_even = y0 + 4 * from[2], wide_odd = 2 * from[1] + 8 * y3;
    to[0] = y0;
    to[1] = even + odd;
    to[2] = even - odd;
    to[3] = wide_even + wide_odd;
    to[4] = wide_even - wide_odd;
    to[5] = y3;
  }
};

// G g
struct KernelLine {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight outer = from[0] + from[2], centre = from[1], g0 = from[0], g2 = from[2];
    const Eight wide = g0 * (1.F / 24) + g2 * (1.F / 6), half = centre * (1.F / 12);
    to[0] = g0 * 0.25F;
    to[1] = (outer + centre) * (-1.F / 6);
    to[2] = (outer - centre) * (-1.F / 6);
    to[3] = wide + half;
    to[4] = wide - half;
    to[5] = g2;
  }
};

// G^T u
struct KernelLineAdjoint {
  SCANT_PART_OF_KERNEL static void apply(const Eight* from, Eight* to) {
    const Eight sum = (from[1] + from[2]) * (1.F / 6), difference = (from[2] - from[1]) * (1.F / 6);
    const Eight wide_sum = from[3] + from[4], wide_difference = (from[3] - from[4]) * (1.F / 12);
    const Eight u0 = from[0], u5 = from[5];
    to[0] = u0 * 0.25F - sum + wide_sum * (1.F / 24);
    to[1] = difference + wide_difference;
    to[2] = wide_sum * (1.F / 6) - sum + u5;
  }
};

/// A square of values, From x From, becomes one of To x To: its columns, then the rows of what came of them. load(r, c)
/// reads a value, store(r, c, value) takes one.
template <class Line, std::int64_t From, std::int64_t To, class Load, class Store>
SCANT_PART_OF_KERNEL inline void both_ways(Load load, Store store) {
  Eight half[To][From];
#pragma GCC unroll 6
  for (std::int64_t c = 0; c < From; ++c) {
    Eight from[From], to[To];
#pragma GCC unroll 6
    for (std::int64_t r = 0; r < From; ++r) from[r] = load(r, c);
    Line::apply(from, to);
#pragma GCC unroll 6
    for (std::int64_t r = 0; r < To; ++r) half[r][c] = to[r];
  }
  for (std::int64_t r = 0; r < To; ++r) {
    Eight to[To];
    Line::apply(half[r], to);
#pragma GCC unroll 6
    for (std::int64_t c = 0; c < To; ++c) store(r, c, to[c]);
  }
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

/// c(r, 0..15) = or += sum over d of a(r, d) b(d, 0..15), for R rows. a(r, d) = a[r * a_row + d * a_step].
template <std::int64_t R>
SCANT_PART_OF_KERNEL inline void multiply_rows(const float* a, std::int64_t a_row, std::int64_t a_step, const float* b,
                                               std::int64_t b_step, std::int64_t depth, float* c, std::int64_t c_row,
                                               bool add) {
  Eight left[R], right[R];
#pragma GCC unroll 6
  for (std::int64_t r = 0; r < R; ++r) {
    left[r] = add ? eight(c + r * c_row) : Eight{};
    right[r] = add ? eight(c + r * c_row + lanes) : Eight{};
  }
  for (std::int64_t d = 0; d < depth; ++d) {
    const Eight b_left = eight(b + d * b_step), b_right = eight(b + d * b_step + lanes);
#pragma GCC unroll 6
    for (std::int64_t r = 0; r < R; ++r) {
      const float value = a[r * a_row + d * a_step];
      left[r] += value * b_left;
      right[r] += value * b_right;
    }
  }
#pragma GCC unroll 6
  for (std::int64_t r = 0; r < R; ++r) {
    eight(c + r * c_row) = left[r];
    eight(c + r * c_row + lanes) = right[r];
  }
}

struct Left {
  const float* first;
  std::int64_t rows, row, step;
};
struct Right {
  const float* first;
  std::int64_t depth, step;
};

/// One panel of 16 columns: six rows at a time, then what is left of them.
template <std::int64_t R = rows_at_once>
SCANT_PART_OF_KERNEL inline void multiply_panel(const Left& a, const Right& b, float* c, std::int64_t c_row, bool add) {
  std::int64_t r = 0;
  for (; r + R <= a.rows; r += R) {
    multiply_rows<R>(a.first + r * a.row, a.row, a.step, b.first, b.step, b.depth, c + r * c_row, c_row, add);
  }
  if constexpr (R > 1) {
    const Left rest{a.first + r * a.row, a.rows - r, a.row, a.step};
    multiply_panel<(R == rows_at_once ? 4 : R / 2)>(rest, b, c + r * c_row, c_row, add);
  }
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
