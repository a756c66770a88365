// Soft histograms of an anchor's positives and of all its candidates.
#include "methods/parts/fast_ap.hpp"

#include "methods/parts/aggregation.hpp"

namespace scant {

torch::Tensor fast_ap_loss(const torch::Tensor& squared_distances, const PairSets& sets, int bins) {
  constexpr double farthest = 4;
  const torch::Tensor tips = torch::linspace(0, farthest, bins + 1, squared_distances.options());
  const torch::Tensor shares =
      (1 - (squared_distances.unsqueeze(2) - tips).abs() * (bins / farthest)).relu();  // N x M x (bins + 1)
  const auto histogram = [&](const torch::Tensor& mask) {
    return (shares * mask.unsqueeze(2).to(shares.scalar_type())).sum(1);
  };
  const torch::Tensor positives = histogram(sets.positive), candidates = positives + histogram(sets.negative);
  const torch::Tensor all_so_far = candidates.cumsum(1);
  // A bin without positives adds nothing; where nothing has been counted yet the quotient must stay finite.
  const torch::Tensor counted = positives.detach() > 0;
  const torch::Tensor precision = positives.cumsum(1) / torch::where(counted, all_so_far, torch::ones_like(all_so_far));
  const torch::Tensor hits = torch::where(counted, positives * precision, torch::zeros_like(positives)).sum(1);
  const torch::Tensor relevant = counts_of_rows(sets.positive, shares);
  return aggregate(1 - hits.unsqueeze(1) / relevant.clamp_min(1), relevant > 0, Aggregation::mean);
}

}  // namespace scant
