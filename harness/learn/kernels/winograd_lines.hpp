// The matrices of F(4x4, 3x3) and their adjoints, applied to lines of 3, 4 or 6 values, then to squares of them.
#pragma once
#include "harness/learn/kernels/lanes.hpp"

namespace scant::kernels {

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

}  // namespace scant::kernels
