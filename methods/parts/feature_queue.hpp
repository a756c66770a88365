// The embeddings of the last batches, one row of them for each of several crops: small batches alone hold too few
// samples to spread over all prototypes.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

class FeatureQueueImpl : public torch::nn::Module {
 public:
  /// `length` rows a crop.
  FeatureQueueImpl(int crops, int length, int dim);
  /// Whether every place has been written. Answers from the host.
  bool full() const;
  /// Puts embeddings, one N x dim tensor a crop, in front of the others; the oldest N leave.
  void push(const std::vector<torch::Tensor>& embeddings);

  torch::Tensor features;  // a buffer, crops x length x dim, the newest first
  /// Rows written a crop, 1 (int64). On the host and therefore no buffer: a method adds it to its state.
  torch::Tensor held = torch::zeros({1}, torch::kInt64);
};
TORCH_MODULE(FeatureQueue);

}  // namespace scant
