// Sums over pairs with a threshold, and the memory of rows.
#include "methods/parts/cross_batch_memory.hpp"

#include <algorithm>

namespace scant {

SummedPairs summed_pairs(const torch::Tensor& cosines, const PairSets& sets, const SummedPairsOptions& options) {
  const torch::Tensor positive = without_copies(sets, cosines, options.copy_slack + options.positive_margin).positive;
  const torch::Tensor negative = sets.negative.logical_and(cosines.detach() > options.negative_margin);
  const torch::Tensor zeros = torch::zeros_like(cosines);
  const torch::Tensor terms = torch::where(positive, 1 - cosines, torch::where(negative, cosines, zeros));
  const auto anchors = static_cast<double>(std::max<std::int64_t>(1, cosines.size(0)));
  const auto mean_count = [&](const torch::Tensor& mask) { return mask.sum().to(torch::kFloat64) / anchors; };
  return {terms.sum() / anchors, mean_count(positive), mean_count(negative)};
}

CrossBatchMemoryImpl::CrossBatchMemoryImpl(int size, int dim) {
  rows = register_buffer("rows", torch::zeros({size, dim}));
  labels = register_buffer("labels", torch::full({size}, -1, torch::kInt64));
}

void CrossBatchMemoryImpl::add(const torch::Tensor& new_rows, const torch::Tensor& new_labels) {
  const torch::NoGradGuard no_grad;
  const std::int64_t size = rows.size(0), n = std::min(size, new_rows.size(0));
  const auto moved = [&](const torch::Tensor& fresh, const torch::Tensor& old) {
    return torch::cat({fresh.narrow(0, 0, n).to(old.scalar_type()), old.narrow(0, 0, size - n)});
  };
  rows.copy_(moved(new_rows, rows));
  labels.copy_(moved(new_labels, labels));
}

}  // namespace scant
