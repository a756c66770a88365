// A classifier by the angle between an embedding and a weight a class.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// N x C: cosine of every embedding (N x D) with every class weight (C x D), divided by `temperature`; with a
/// temperature of 0 or less the plain products. A row of zeros has cosine 0 with everything.
torch::Tensor cosine_logits(const torch::Tensor& embeddings, const torch::Tensor& weights, double temperature);

/// Mean cross-entropy over the crops of labelled images: logits V*N x C crop by crop, labels N (-1: unlabelled); 0
/// where all are unlabelled.
torch::Tensor crop_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels);

class CosineClassifierImpl : public torch::nn::Module {
 public:
  /// Weights normal(0, 0.02).
  CosineClassifierImpl(int dim, int classes, Random& random);
  torch::Tensor logits(const torch::Tensor& embeddings, double temperature) const {
    return cosine_logits(embeddings, weight, temperature);
  }

  torch::Tensor weight;  // classes x dim
};
TORCH_MODULE(CosineClassifier);

}  // namespace scant
