// Quantiles of teacher distances, their moving averages and the masks that follow from them.
#include "methods/parts/interaction_selection.hpp"

#include <algorithm>
#include <limits>

namespace scant {
namespace {

torch::Tensor quantile_of(const torch::Tensor& values, double level) {
  if (values.numel() == 0) return torch::full({}, std::numeric_limits<double>::quiet_NaN(), values.options());
  const torch::Tensor sorted = std::get<0>(values.sort());  // at::quantile takes 16 million numbers at most
  const double place = level * static_cast<double>(values.numel() - 1);
  const auto below = static_cast<std::int64_t>(place);
  const std::int64_t above = std::min(below + 1, values.numel() - 1);
  return torch::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

torch::Tensor moved(const torch::Tensor& before, const torch::Tensor& batch, double momentum) {
  const torch::Tensor mean = momentum * before + (1 - momentum) * batch;
  return torch::where(before.isnan(), batch, torch::where(batch.isnan(), before, mean));
}

}  // namespace

InteractionCuts cuts_of_batch(const torch::Tensor& teacher_distances, const PairSets& sets, double keep_positive,
                              double keep_negative) {
  const torch::Tensor distances = teacher_distances.detach();
  return {quantile_of(distances.masked_select(sets.positive), keep_positive),
          quantile_of(distances.masked_select(sets.negative), 1 - keep_negative)};
}

InteractionCuts moved_cuts(const InteractionCuts& before, const InteractionCuts& batch, double momentum) {
  return {moved(before.positive, batch.positive, momentum), moved(before.negative, batch.negative, momentum)};
}

PairSets selected(const torch::Tensor& teacher_distances, const PairSets& sets, const InteractionCuts& cuts) {
  const torch::Tensor distances = teacher_distances.detach();
  return {sets.positive.logical_and(distances <= cuts.positive), sets.negative.logical_and(distances >= cuts.negative)};
}

}  // namespace scant
