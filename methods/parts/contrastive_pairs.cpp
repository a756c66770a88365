// Hinges of pairs.
#include "methods/parts/contrastive_pairs.hpp"

namespace scant {

PullPush contrastive_pairs(const torch::Tensor& table, const PairSets& sets, Measure measure,
                           const PairMargins& margins, Aggregation how) {
  return {aggregate(excess(table, margins.positive, measure).relu(), sets.positive, how),
          aggregate((-excess(table, margins.negative, measure)).relu(), sets.negative, how)};
}

}  // namespace scant
