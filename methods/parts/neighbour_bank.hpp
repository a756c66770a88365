// A bank of earlier target embeddings in which an image's neighbours are looked for.
#pragma once
#include "methods/parts/ring.hpp"

namespace scant {

/// Every entry: a unit embedding, a label (-1: none), and the image it came from.
class NeighbourBankImpl : public torch::nn::Module {
 public:
  NeighbourBankImpl(int length, int dim);
  /// Puts targets N x dim, labels N and images N in place of the oldest entries. N <= length. Returns their places.
  torch::Tensor write(const torch::Tensor& targets, const torch::Tensor& labels, const torch::Tensor& images);
  /// What has been written so far: M x dim, M, M.
  torch::Tensor embeddings() const { return features.narrow(0, 0, ring.filled()); }
  torch::Tensor labels() const { return all_labels.narrow(0, 0, ring.filled()); }
  torch::Tensor images() const { return all_images.narrow(0, 0, ring.filled()); }

  torch::Tensor features, all_labels, all_images;  // buffers: length x dim, length, length (int64)
  Ring ring;
};
TORCH_MODULE(NeighbourBank);

}  // namespace scant
