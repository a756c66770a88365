// Products of small matrices, a panel of 16 columns at a time, in the order in which their numbers lie anyway: what
// Winograd's transformed tiles are too small, and in caches too well placed, to be handed to a BLAS for.
#pragma once
#include "harness/learn/kernels/lanes.hpp"

namespace scant::kernels {

/// Rows whose sums fill a CPU's 16 vector registers, beside what they are made of.
inline constexpr std::int64_t rows_at_once = 6;

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

}  // namespace scant::kernels
