// Convolutions whose kernels are learned combinations of discrete cosine functions: Ulicny, Krylov & Dahyot, "Harmonic
// Convolutional Networks based on Discrete Cosine Transform", Pattern Recognition 2022.
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// The k x k cosine functions cos(pi (x+1/2) i/k) cos(pi (y+1/2) j/k), each divided by its L1 norm, of all frequencies
/// with i + j < level, in the order of i*k + j: F x k x k float32. level = 0: all k*k.
torch::Tensor dct_filters(int k, int level = 0);

/// kernel = sum_f weight[o,i,f] * dct_f, then an ordinary convolution. Tensors: dct (1 x k*k x k x k, frozen), weight
/// (out x in x k*k x 1 x 1, normal(0, sqrt(2/(out k k)))).
class HarmonicConvImpl : public Convolving {
 public:
  HarmonicConvImpl(const ConvSpec& spec, Random& random);
  torch::Tensor forward(const torch::Tensor& x);
  torch::Tensor dct, weight;

 private:
  ConvSpec spec_;
};
TORCH_MODULE(HarmonicConv);

/// The first layer: every input channel through all k*k filters (channel c*k*k + f), batch normalisation without affine
/// part, 1x1 convolution. Tensors: dct (in*k*k x 1 x k x k, frozen), weight (out x in*k*k x 1 x 1,
/// normal(0, sqrt(2/out))), bn.
///
/// Where the images carry no gradient the k*k maps a channel are never made: the batch statistics follow from the mean
/// and covariance of the images' k x k patches, and with them the three steps are one convolution whose kernel and bias
/// are linear in `weight`, so its gradient is exact.
class HarmonicStemImpl : public torch::nn::Module {
 public:
  HarmonicStemImpl(const ConvSpec& spec, Random& random);
  torch::Tensor forward(const torch::Tensor& x);
  /// The three steps one after the other, for images that need a gradient.
  torch::Tensor forward_plain(const torch::Tensor& x);
  /// One convolution. `x` carries no gradient.
  torch::Tensor forward_folded(const torch::Tensor& x);
  torch::Tensor dct, weight;
  torch::nn::BatchNorm2d bn{nullptr};

 private:
  struct Moments;
  Moments batch_moments(const torch::Tensor& x);
  ConvSpec spec_;
};
TORCH_MODULE(HarmonicStem);

}  // namespace scant
