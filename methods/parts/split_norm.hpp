// Batch normalisation by parts of a batch, which on one device stands for the separate statistics of several: He et
// al., "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020, section 3.3 (shuffling BN).
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// The largest divisor of `batch` up to `most`: the parts that such a batch is normalised in. Equal parts, so a batch
/// size without such a divisor but 1 is not split.
int splits_of(std::int64_t batch, int most);

/// N x C x H x W -> the same shape. In training, image n is normalised with the statistics of all images that n leaves
/// the same rest with when divided by splits_of(N, splits); running estimates move towards the mean of the parts'
/// statistics. In evaluation plain batch normalisation, whose parameters and buffers it has.
class SplitNormImpl : public torch::nn::Module {
 public:
  SplitNormImpl(int channels, int splits, double momentum = 0.1, double eps = 1e-5);
  torch::Tensor forward(const torch::Tensor& x);
  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;

 private:
  int splits_;
  double momentum_, eps_;
};
TORCH_MODULE(SplitNorm);

/// Backbones with split normalisation everywhere.
class SplitNormMaker : public LayerMaker {
 public:
  explicit SplitNormMaker(int splits) : splits_(splits) {}
  torch::nn::AnyModule norm(int channels) override { return torch::nn::AnyModule(SplitNorm(channels, splits_)); }

 private:
  int splits_;
};

}  // namespace scant
