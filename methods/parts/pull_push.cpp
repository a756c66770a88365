// The halves of softmax losses, and alignment and uniformity.
#include "methods/parts/pull_push.hpp"

#include "methods/parts/aggregation.hpp"

namespace scant {

PullPush softmax_terms(const torch::Tensor& cosines, const PairSets& sets, double temperature,
                       Denominator denominator) {
  const torch::Tensor logits = cosines / temperature;
  if (denominator == Denominator::own_positive) {
    const torch::Tensor others = masked_log_sum_exp(logits, sets.negative, 1).unsqueeze(1);
    return {-aggregate(logits, sets.positive, Aggregation::mean),
            aggregate(torch::logaddexp(logits, others), sets.positive, Aggregation::mean)};
  }
  const bool all = denominator == Denominator::all_others;
  const torch::Tensor below = all ? sets.positive.logical_or(sets.negative) : sets.negative;
  torch::Tensor anchors = sets.positive.any(1, true).logical_and(below.any(1, true));  // N x 1
  return {-aggregate(logits, sets.positive.logical_and(anchors), Aggregation::row_mean_mean),
          aggregate(masked_log_sum_exp(logits, below, 1).unsqueeze(1), anchors, Aggregation::mean)};
}

PullPush alignment_and_uniformity(const torch::Tensor& distances, const PairSets& sets, double alpha, double t) {
  const torch::Tensor distinct = sets.positive.logical_or(sets.negative);
  const torch::Tensor pairs = distinct.sum().clamp_min(1).to(distances.scalar_type());
  const torch::Tensor spread = masked_log_sum_exp((-t * distances.square()).flatten(), distinct.flatten(), 0);
  return {aggregate(distances.pow(alpha), sets.positive, Aggregation::mean),
          torch::where(distinct.any(), spread - pairs.log(), torch::zeros_like(spread))};
}

}  // namespace scant
