// Cosine losses on one-hot targets: Barz & Denzler, "Deep Learning on Small Datasets without Pre-Training using Cosine
// Loss", WACV 2020.
#pragma once
#include <memory>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

enum class Reduction { mean, sum };

/// e / ||e|| of every row, N x C. No epsilon: a row of zeros becomes NaN, as in the reference.
torch::Tensor normalised_rows(const torch::Tensor& embeddings);

/// 1 - z_y of every sample, reduced: z N x C normalised rows, labels N.
torch::Tensor cosine_loss(const torch::Tensor& normalised, const torch::Tensor& labels,
                          Reduction reduction = Reduction::mean);

/// mean(1 - z_y) + weight * mean cross-entropy(logits).
torch::Tensor cosine_xent_loss(const torch::Tensor& logits, const torch::Tensor& normalised,
                               const torch::Tensor& labels, double weight);

/// What stands on a backbone's output e (N x C) in the combined loss: z = e/||e||, logits = fc(bn(relu(z))).
class CosineXentHeadImpl : public torch::nn::Module {
 public:
  struct Result {
    torch::Tensor logits, normalised;  // N x C each
  };
  /// `base`, if there is one, is registered as "base" before the head's own layers, as in the reference.
  CosineXentHeadImpl(std::shared_ptr<torch::nn::Module> base, int classes, Random& random);
  Result forward(const torch::Tensor& embeddings);

  torch::nn::BatchNorm1d bn{nullptr};
  torch::nn::Linear fc{nullptr};  // C -> C
};
TORCH_MODULE(CosineXentHead);

}  // namespace scant
