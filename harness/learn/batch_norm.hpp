// Batch normalisation as networks use it, with kernels of this program's own for training on CPUs.
#pragma once
#include "harness/learn/compat.hpp"
#include "harness/learn/layer.hpp"

namespace scant {

/// Batch normalisation of N x C x H x W with weight 1 and bias 0 at first, named as torch::nn::BatchNorm2d names its
/// own. With use_own_kernels(), training in float32 on a CPU takes a third of the time: the same mathematics, sums in
/// another order. Differentiable, as often as one likes. (Not derived from torch's, whose base Debian's LibTorch does
/// not export as a whole.)
class BatchNormImpl : public torch::nn::Module, public OwnKernels {
 public:
  explicit BatchNormImpl(int channels);
  torch::Tensor forward(const torch::Tensor& x);
  torch::nn::BatchNormOptions options;  // eps and momentum
  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;
};
TORCH_MODULE(BatchNorm);

}  // namespace scant
