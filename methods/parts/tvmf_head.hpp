// The t-vMF similarity as a classifier: Kobayashi, "t-vMF Similarity for Regularizing Intra-Class Feature
// Distribution", CVPR 2021.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// Features N x D to similarities N x C in [-1, 1]: with c the cosine between a feature and a class weight,
/// (1 + c) / (1 + kappa (1 - c)) - 1. kappa = 0 is the cosine itself.
class TvmfHeadImpl : public torch::nn::Module {
 public:
  /// Class weights uniform(+-1/sqrt(dim)); kappa > -1/2.
  TvmfHeadImpl(int dim, int classes, double kappa, Random& random);
  torch::Tensor forward(const torch::Tensor& features);
  /// The factor of the similarities in the softmax: 1 + softplus(s_), learned from 1.693 on.
  torch::Tensor scale() const;
  /// Mean cross-entropy of scale * similarity.
  torch::Tensor loss(const torch::Tensor& similarity, const torch::Tensor& labels) const;

  torch::Tensor weight, s_, kappa;  // C x D, 1, 1 (a buffer)
};
TORCH_MODULE(TvmfHead);

}  // namespace scant
