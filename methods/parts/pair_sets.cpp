// Masks over tables of pairs, and sums of exponentials under them.
#include "methods/parts/pair_sets.hpp"

#include <limits>

namespace scant {
namespace {

/// Low enough that its exponential is 0, and finite: infinities would make the gradient of an empty row NaN.
torch::Tensor masked_low(const torch::Tensor& x, const torch::Tensor& mask) {
  const bool single = x.scalar_type() == torch::kFloat32;
  return x.masked_fill(mask.logical_not(),
                       single ? std::numeric_limits<float>::lowest() / 2 : std::numeric_limits<double>::lowest() / 2);
}

}  // namespace

PairSets pair_sets(const torch::Tensor& labels) {
  const torch::Tensor same = labels.unsqueeze(1).eq(labels.unsqueeze(0));
  const torch::Tensor self = torch::eye(labels.size(0), same.options());
  return {same.logical_and(self.logical_not()), same.logical_not()};
}

PairSets pair_sets(const torch::Tensor& labels, const torch::Tensor& candidates) {
  const torch::Tensor same = labels.unsqueeze(1).eq(candidates.unsqueeze(0)), known = candidates.ge(0).unsqueeze(0);
  return {same.logical_and(known), same.logical_not().logical_and(known)};
}

torch::Tensor pair_table(const torch::Tensor& x, const torch::Tensor& y, Measure measure) {
  if (measure == Measure::cosine) return x.matmul(y.t());
  constexpr std::int64_t from_differences = 2;  // through inner products, near rows lose half their digits
  const torch::Tensor distances = torch::cdist(x, y, 2, from_differences);
  return measure == Measure::euclidean ? distances : distances.square();
}

torch::Tensor excess(const torch::Tensor& table, const torch::Tensor& than, Measure measure) {
  return is_likeness(measure) ? than - table : table - than;
}

torch::Tensor excess(const torch::Tensor& table, double than, Measure measure) {
  return is_likeness(measure) ? than - table : table - than;
}

PairSets without_copies(const PairSets& sets, const torch::Tensor& cosines, double slack) {
  return {sets.positive.logical_and(cosines.detach() < 1 - slack), sets.negative};
}

torch::Tensor counts_of_rows(const torch::Tensor& mask, const torch::Tensor& like) {
  return mask.sum(1, true).to(like.scalar_type());
}

torch::Tensor masked_log_sum_exp(const torch::Tensor& x, const torch::Tensor& mask, std::int64_t dim) {
  return masked_low(x, mask).logsumexp(dim);
}

torch::Tensor log_one_plus_sum_exp(const torch::Tensor& x, const torch::Tensor& mask, std::int64_t dim) {
  return torch::cat({masked_low(x, mask), torch::zeros_like(x.narrow(dim, 0, 1))}, dim).logsumexp(dim);
}

}  // namespace scant
