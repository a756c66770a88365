// Triplets as positive pairs beside rows of negatives: memory for P x N numbers, not N x N x N.
#include "methods/parts/triplet_loss.hpp"

#include <limits>

namespace scant {
namespace {

torch::Tensor of_positives(const torch::Tensor& table, const Triplets& triplets) {
  return table.index({triplets.anchor, triplets.positive}).unsqueeze(1);  // P x 1
}

}  // namespace

Triplets all_triplets(const torch::Tensor& table, const PairSets& sets, Measure measure, TripletKind kind,
                      double margin) {
  const torch::Tensor pairs = sets.positive.nonzero();  // P x 2
  Triplets triplets{pairs.select(1, 0), pairs.select(1, 1), {}};
  triplets.negative = sets.negative.index_select(0, triplets.anchor);
  if (kind == TripletKind::all) return triplets;
  const torch::Tensor plain = table.detach();
  const torch::Tensor lead =
      excess(plain.index_select(0, triplets.anchor), of_positives(plain, triplets), measure);  // P x N
  torch::Tensor wanted = kind == TripletKind::easy ? lead > margin : lead <= margin;
  if (kind == TripletKind::semihard) wanted = wanted.logical_and(lead > 0);
  if (kind == TripletKind::hard) wanted = wanted.logical_and(lead <= 0);
  triplets.negative = triplets.negative.logical_and(wanted);
  return triplets;
}

Triplets hardest_triplets(const torch::Tensor& table, const PairSets& sets, Measure measure) {
  const torch::Tensor far = is_likeness(measure) ? -table.detach() : table.detach();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const torch::Tensor farthest = far.masked_fill(sets.positive.logical_not(), -infinity).argmax(1);
  const torch::Tensor nearest = far.masked_fill(sets.negative.logical_not(), infinity).argmin(1);
  const torch::Tensor anchor = sets.positive.any(1).logical_and(sets.negative.any(1)).nonzero().squeeze(1);
  torch::Tensor negative = torch::zeros_like(sets.negative).scatter_(1, nearest.unsqueeze(1), true);
  return {anchor, farthest.index_select(0, anchor), negative.index_select(0, anchor)};
}

torch::Tensor listed(const Triplets& triplets) {
  const torch::Tensor places = triplets.negative.nonzero(), pair = places.select(1, 0);
  return torch::stack(
      {triplets.anchor.index_select(0, pair), triplets.positive.index_select(0, pair), places.select(1, 1)});
}

torch::Tensor triplet_loss(const torch::Tensor& table, const Triplets& triplets, Measure measure,
                           const TripletOptions& options, Aggregation how) {
  torch::Tensor negatives = table.index_select(0, triplets.anchor);  // P x N
  if (options.swap) {
    const torch::Tensor swapped = table.index_select(0, triplets.positive);
    negatives = is_likeness(measure) ? torch::max(negatives, swapped) : torch::min(negatives, swapped);
  }
  const torch::Tensor violation = options.margin - excess(negatives, of_positives(table, triplets), measure);
  const torch::Tensor terms = options.smooth ? torch::nn::functional::softplus(violation) : violation.relu();
  return aggregate(terms, triplets.negative, how);
}

}  // namespace scant
