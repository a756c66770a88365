// A queue of embeddings, the newest in front.
#include "methods/parts/feature_queue.hpp"

#include <algorithm>

namespace scant {

FeatureQueueImpl::FeatureQueueImpl(int crops, int length, int dim) {
  features = register_buffer("features", torch::zeros({crops, length, dim}));
}

bool FeatureQueueImpl::full() const {
  return held.item<std::int64_t>() >= features.size(1);
}

void FeatureQueueImpl::push(const std::vector<torch::Tensor>& embeddings) {
  const torch::NoGradGuard no_grad;
  const std::int64_t length = features.size(1), n = std::min(embeddings.front().size(0), length);
  const torch::Tensor fresh = torch::stack(embeddings).narrow(1, 0, n).to(features.scalar_type());
  features.copy_(torch::cat({fresh, features.narrow(1, 0, length - n)}, 1));
  held.fill_(std::min(held.item<std::int64_t>() + n, length));
}

}  // namespace scant
