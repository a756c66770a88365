// The two inner loops of the 8-bit resize: one axis repacked for them, a portable version and an AVX2 one that give the
// same bits.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/data/resize.hpp"

namespace scant {

/// Outputs [begin, begin + outputs) of a ResizeAxis with a constant number of taps (a multiple of 4, zero weights where
/// there are fewer) that never reach behind the input, unless the input is shorter than that.
struct PackedAxis {
  int outputs = 0, taps = 0;
  std::vector<std::int32_t> start;   // per output, padded to a multiple of 8 outputs
  std::vector<std::int32_t> weight;  // outputs x taps
  std::vector<std::int16_t> halves;  // the weights as the AVX2 loop wants them: w = 256 * high + low
};
PackedAxis pack_axis(const ResizeAxis& axis, int in, int begin, int outputs);

enum class Kernel { portable, avx2 };
/// The fastest that this processor runs.
Kernel best_kernel();

/// `rows` rows of `in_stride` pixels to rows of axis.outputs pixels, `out_stride` apart. Every row must have
/// max(axis.taps, its own length) readable pixels; out_stride is at least axis.outputs rounded up to 8.
void horizontal_u8(Kernel kernel, const std::uint8_t* in, std::int64_t in_stride, int rows, const PackedAxis& axis,
                   std::uint8_t* out, std::int64_t out_stride);

/// One output row: sum of weight[k] * row k, `width` pixels; rows `stride` apart.
void vertical_u8(Kernel kernel, const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weight, int count,
                 int width, std::uint8_t* out);

}  // namespace scant
