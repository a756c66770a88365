// A bank of target embeddings.
#include "methods/parts/neighbour_bank.hpp"

namespace scant {

NeighbourBankImpl::NeighbourBankImpl(int length, int dim) : ring(length) {
  features = register_buffer("features", torch::zeros({length, dim}));
  all_labels = register_buffer("labels", torch::full({length}, -1, torch::kInt64));
  all_images = register_buffer("images", torch::full({length}, -1, torch::kInt64));
}

torch::Tensor NeighbourBankImpl::write(const torch::Tensor& targets, const torch::Tensor& labels,
                                       const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor places = ring.advance(targets.size(0)).to(features.device());
  features.index_copy_(0, places, targets.to(features.scalar_type()));
  all_labels.index_copy_(0, places, labels);
  all_images.index_copy_(0, places, images);
  return places;
}

}  // namespace scant
