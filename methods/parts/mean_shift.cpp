// Neighbours, and the distance to them.
#include "methods/parts/mean_shift.hpp"

#include <algorithm>
#include <limits>

namespace scant {
namespace {

/// Mean over rows of the mean over what is found in each; `values` N x k.
torch::Tensor mean_of_found(const torch::Tensor& values, const torch::Tensor& found) {
  const torch::Tensor counted = found.to(values.scalar_type()), count = counted.sum(1);
  const torch::Tensor rows = (values * counted).sum(1) / count.clamp_min(1);
  return rows.sum() / count.gt(0).sum().clamp_min(1);
}

}  // namespace

torch::Tensor unit_distances(const torch::Tensor& a, const torch::Tensor& b) {
  return 2 - 2 * a.matmul(b.t());
}

BankNeighbours nearest(const torch::Tensor& distances, int k) {
  const auto [values, index] = distances.topk(std::min<std::int64_t>(k, distances.size(1)), 1, /*largest=*/false);
  return {index, torch::ones_like(index, torch::kBool)};
}

BankNeighbours nearest(const torch::Tensor& distances, const torch::Tensor& allowed, int k) {
  const BankNeighbours all =
      nearest(distances.masked_fill(allowed.logical_not(), std::numeric_limits<double>::infinity()), k);
  return {all.index, allowed.gather(1, all.index)};
}

BankNeighbours nearest_preferring(const torch::Tensor& distances, const BankNeighbours& preferred, int k) {
  // Squared distances of unit rows are at most 4.
  const torch::Tensor nearer = preferred.found.to(distances.scalar_type()) * -5;
  return nearest(distances.scatter_add(1, preferred.index, nearer), k);
}

torch::Tensor same_group(const torch::Tensor& own, const torch::Tensor& theirs) {
  return own.unsqueeze(1).eq(theirs.unsqueeze(0)).logical_and(own.ge(0).unsqueeze(1));
}

torch::Tensor same_group_or_any(const torch::Tensor& own, const torch::Tensor& theirs) {
  return own.unsqueeze(1).eq(theirs.unsqueeze(0)).logical_or(own.lt(0).unsqueeze(1));
}

torch::Tensor mean_shift_loss(const torch::Tensor& queries, const torch::Tensor& bank,
                              const BankNeighbours& neighbours) {
  return mean_of_found(unit_distances(queries, bank).gather(1, neighbours.index), neighbours.found);
}

torch::Tensor purity(const BankNeighbours& neighbours, const torch::Tensor& labels, const torch::Tensor& bank_labels) {
  const torch::Tensor right =
      bank_labels.index_select(0, neighbours.index.flatten()).view(neighbours.index.sizes()).eq(labels.unsqueeze(1));
  return mean_of_found(right.to(torch::kFloat64), neighbours.found);
}

}  // namespace scant
