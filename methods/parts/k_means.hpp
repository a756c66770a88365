// k-means: Lloyd, "Least squares quantization in PCM", 1982.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// The cluster of every point, N int64 in [0, clusters), of points N x D; 1 <= clusters <= N. Starts from points drawn
/// without replacement; a cluster that loses its last point keeps its centre. No gradient.
torch::Tensor k_means(const torch::Tensor& points, std::int64_t clusters, int iterations, Random& random);

}  // namespace scant
