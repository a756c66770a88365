// 3x3 convolutions with a quarter of the products: Winograd's minimal filtering F(4x4, 3x3) in float32 on CPUs.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// Whether winograd_conv2d takes them: float32 on a CPU, kernels 3 x 3 and ungrouped, channels multiples of 16.
bool winograd_fits(const torch::Tensor& x, const torch::Tensor& weight);

/// The convolution with stride 1 and padding 1: x N x C x H x W, weight K x C x 3 x 3 -> N x K x H x W, channels-last.
/// Differentiable, as often as one likes. Values differ from those of at::conv2d by rounding, relative to the largest
/// by about 1e-5 instead of 1e-6. With more threads the images are shared out; the weight's gradient is then summed in
/// another order. Throws c10::Error for what winograd_fits refuses.
torch::Tensor winograd_conv2d(const torch::Tensor& x, const torch::Tensor& weight);

}  // namespace scant
