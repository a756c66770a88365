// Batch normalisation over the rows of rows x channels matrices, channels a multiple of 8: what batch_norm calls.
#pragma once
#include <cstdint>

namespace scant::kernels {

/// Rows of `channels` values.
struct Rows {
  std::int64_t count = 0, channels = 0;
};

/// sums[c] += sum over rows of x - centre, squares[c] += the sum of its squares.
void add_moments(const Rows& rows, const float* x, const float* centre, double* sums, double* squares);

/// y = x * scale + shift, each a value a channel.
void scale_and_shift(const Rows& rows, const float* x, const float* scale, const float* shift, float* y);

/// sums[c] += sum over rows of dy, products[c] += the sum of dy (x - centre).
void add_gradient_moments(const Rows& rows, const float* x, const float* dy, const float* centre, double* sums,
                          double* products);

/// dx = dy * of_dy + (x - centre) * of_x + rest.
struct GradientTerms {
  const float *centre, *of_dy, *of_x, *rest;  // a value a channel
};
void combine_gradient(const Rows& rows, const float* x, const float* dy, const GradientTerms& terms, float* dx);

}  // namespace scant::kernels
