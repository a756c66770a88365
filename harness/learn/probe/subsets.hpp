// Which few images of a labelled set a judge may use. Draws are keyed by (seed, class): larger subsets hold smaller
// ones.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Positions, ascending, of `count` images of every class that occurs in `labels` (N int64); all of a class that has
/// fewer.
std::vector<std::int64_t> per_class_subset(const torch::Tensor& labels, int count, std::uint64_t seed);

/// Positions, ascending, of a share in (0,1] of every class, rounded, at least one image each.
std::vector<std::int64_t> share_subset(const torch::Tensor& labels, double share, std::uint64_t seed);

/// Positions, ascending and disjoint.
struct Holdout {
  std::vector<std::int64_t> kept, held;
};
/// Of every class a share is held, rounded, at least one image and at most all but one; nothing of a class with a
/// single image.
Holdout hold_out(const torch::Tensor& labels, double share, std::uint64_t seed);

}  // namespace scant
