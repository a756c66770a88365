// Pair mining and the soft sums of the multi-similarity loss.
#include "methods/parts/multi_similarity.hpp"

#include <limits>

namespace scant {

PairSets informative_pairs(const torch::Tensor& cosines, const PairSets& sets, double slack) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const torch::Tensor plain = cosines.detach();
  const torch::Tensor nearest_negative = plain.masked_fill(sets.negative.logical_not(), -infinity).amax(1, true);
  const torch::Tensor farthest_positive = plain.masked_fill(sets.positive.logical_not(), infinity).amin(1, true);
  return {sets.positive.logical_and(plain - slack < nearest_negative),
          sets.negative.logical_and(plain + slack > farthest_positive)};
}

PairSets two_sided(const PairSets& sets) {
  const torch::Tensor both = sets.positive.any(1, true).logical_and(sets.negative.any(1, true));
  return {sets.positive.logical_and(both), sets.negative.logical_and(both)};
}

torch::Tensor multi_similarity_loss(const torch::Tensor& cosines, const PairSets& sets,
                                    const MultiSimilarityOptions& options) {
  const torch::Tensor above = cosines - options.base;
  const torch::Tensor pull = log_one_plus_sum_exp(-options.alpha * above, sets.positive, 1) / options.alpha;
  const torch::Tensor push = log_one_plus_sum_exp(options.beta * above, sets.negative, 1) / options.beta;
  return (pull + push).mean();
}

}  // namespace scant
