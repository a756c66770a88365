// Selective kernels: two receptive fields side by side, weighed for every channel by what both see together. Li et al.,
// "Selective Kernel Networks", CVPR 2019.
#pragma once
#include <array>

#include "harness/learn/backbone.hpp"
#include "methods/parts/blur_pool.hpp"

namespace scant {

/// How the SK blocks of a network are built.
struct SelectiveOptions {
  int groups = 8;                  // of the 3x3 convolutions; divides their input and output channels
  int reduction = 16, least = 32;  // the squeezed width is max(channels / reduction, least)
  ConvSpec::Init init = ConvSpec::Init::fan_out;
};

/// Path b of two: grouped 3x3 convolution with dilation 1+b, blur pooling where stride > 1, normalisation, ReLU. The
/// sum's global average is squeezed and expanded to a softmax over the paths for each channel, which weighs their sum.
/// Needs 2 images a batch in training: the squeezed vectors are normalised over the batch. Tensors: convs.b, fc, fcs.b.
class SelectiveKernelImpl : public torch::nn::Module {
 public:
  SelectiveKernelImpl(int in, int out, int stride, const SelectiveOptions& options, Random& random, LayerMaker& maker);
  /// N x in x H x W -> N x out x H' x W'.
  torch::Tensor forward(const torch::Tensor& x);

 private:
  struct Path {
    Layer conv, blur, norm, expand;
  };
  std::array<Path, 2> paths_;
  Layer squeeze_, squeeze_norm_;
};
TORCH_MODULE(SelectiveKernel);

/// A module with these children, registered as "0", "1", ...
std::shared_ptr<torch::nn::Module> list_of(const std::vector<std::shared_ptr<torch::nn::Module>>& modules);

}  // namespace scant
