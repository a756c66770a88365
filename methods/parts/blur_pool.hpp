// Anti-aliased subsampling: Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
#pragma once
#include <array>

#include "harness/learn/layer.hpp"

namespace scant {

/// Convolves every channel with the binomial kernel of size x size, normalised to 1, after reflecting the border, and
/// keeps every stride-th position: N x C x H x W -> N x C x ceil(H/stride) x ceil(W/stride). Tensor: filt (a buffer,
/// C x 1 x size x size).
class BlurPoolImpl : public torch::nn::Module {
 public:
  /// size >= 1; 1 only subsamples.
  BlurPoolImpl(int channels, int size, int stride);
  torch::Tensor forward(const torch::Tensor& x);
  /// Pixels that are added left, right, above and below.
  std::array<std::int64_t, 4> padding() const;
  torch::Tensor filt;

 private:
  int size_, stride_;
};
TORCH_MODULE(BlurPool);

}  // namespace scant
