// Two passes forward, two backward. Sums are kept in single precision for a few hundred rows, in double beyond.
#include "harness/learn/kernels/batch_norm.hpp"

#include <algorithm>

#include "harness/learn/kernels/lanes.hpp"

namespace scant::kernels {
namespace {

constexpr std::int64_t rows_in_single = 256, rows_at_once = 4;

/// For eight channels from c on: firsts += the sum of first(row), products += the sum of first(row) * second(row),
/// where both are given a row's offset.
template <class First, class Second>
SCANT_PART_OF_KERNEL inline void add_sums(const Rows& rows, std::int64_t c, First first, Second second, double* firsts,
                                          double* products) {
  for (std::int64_t begin = 0; begin < rows.count; begin += rows_in_single) {
    const std::int64_t end = std::min(begin + rows_in_single, rows.count);
    Eight sum[rows_at_once] = {}, product[rows_at_once] = {};
    std::int64_t row = begin;
    const auto add = [&](std::int64_t at, std::int64_t place) SCANT_PART_OF_KERNEL {
      const std::int64_t offset = at * rows.channels + c;
      const Eight value = first(offset);
      sum[place] += value;
      product[place] += value * second(offset);
    };
    for (; row + rows_at_once <= end; row += rows_at_once) {
#pragma GCC unroll 4
      for (std::int64_t place = 0; place < rows_at_once; ++place) add(row + place, place);
    }
    for (; row < end; ++row) add(row, 0);
    const Eight whole = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    const Eight all_products = (product[0] + product[1]) + (product[2] + product[3]);
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      firsts[c + lane] += static_cast<double>(whole[lane]);
      products[c + lane] += static_cast<double>(all_products[lane]);
    }
  }
}

}  // namespace

SCANT_CPU_VERSIONS
void add_moments(const Rows& rows, const float* x, const float* centre, double* sums, double* squares) {
  for (std::int64_t c = 0; c < rows.channels; c += lanes) {
    const Eight middle = eight(centre + c);
    const auto centred = [&](std::int64_t offset) SCANT_PART_OF_KERNEL { return eight(x + offset) - middle; };
    add_sums(rows, c, centred, centred, sums, squares);
  }
}

SCANT_CPU_VERSIONS
void scale_and_shift(const Rows& rows, const float* x, const float* scale, const float* shift, float* y) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    for (std::int64_t c = 0; c < rows.channels; c += lanes) {
      const std::int64_t at = row * rows.channels + c;
      eight(y + at) = eight(x + at) * eight(scale + c) + eight(shift + c);
    }
  }
}

SCANT_CPU_VERSIONS
void add_gradient_moments(const Rows& rows, const float* x, const float* dy, const float* centre, double* sums,
                          double* products) {
  for (std::int64_t c = 0; c < rows.channels; c += lanes) {
    const Eight middle = eight(centre + c);
    add_sums(
        rows, c, [&](std::int64_t offset) SCANT_PART_OF_KERNEL { return eight(dy + offset); },
        [&](std::int64_t offset) SCANT_PART_OF_KERNEL { return eight(x + offset) - middle; }, sums, products);
  }
}

SCANT_CPU_VERSIONS
void combine_gradient(const Rows& rows, const float* x, const float* dy, const GradientTerms& terms, float* dx) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    for (std::int64_t c = 0; c < rows.channels; c += lanes) {
      const std::int64_t at = row * rows.channels + c;
      const Eight centred = eight(x + at) - eight(terms.centre + c);
      eight(dx + at) =
          eight(dy + at) * eight(terms.of_dy + c) + (centred * eight(terms.of_x + c) + eight(terms.rest + c));
    }
  }
}

}  // namespace scant::kernels
