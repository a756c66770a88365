// The contrastive margin loss: positives nearer than one margin, negatives farther than another. Hadsell, Chopra &
// LeCun, "Dimensionality Reduction by Learning an Invariant Mapping", CVPR 2006, without the square.
#pragma once
#include "methods/parts/aggregation.hpp"
#include "methods/parts/pull_push.hpp"

namespace scant {

/// In the unit of the measure: distances up to `positive` and from `negative` on cost nothing; with the cosine it is
/// the other way round, from `positive` on and up to `negative`.
struct PairMargins {
  double positive = 0, negative = 1;
};

/// Hinges over the margins on a table N x M; pulls and pushes are aggregated separately.
PullPush contrastive_pairs(const torch::Tensor& table, const PairSets& sets, Measure measure,
                           const PairMargins& margins, Aggregation how);

}  // namespace scant
