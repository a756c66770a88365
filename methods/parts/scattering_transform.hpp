// The two-dimensional scattering transform of images: Oyallon, Belilovsky & Zagoruyko, "Scaling the Scattering
// Transform: Deep Hybrid Networks", ICCV 2017.
#pragma once
#include "methods/parts/scattering_filters.hpp"

namespace scant {

/// Images N x C x S x S to N x C x K x S/2^J x S/2^J: every channel by itself through all scattering_paths. Nothing is
/// learned, so where the images carry no gradient autograd records nothing. The filters are buffers "tensor0",
/// "tensor1", ... of shape P/2^r x P/2^r x 1: first the low-pass levels, then every wavelet's.
class ScatteringImpl : public torch::nn::Module {
 public:
  /// Throws InputError for images smaller than 2^J.
  explicit ScatteringImpl(const ScatteringShape& shape);
  /// Always computed in full precision.
  torch::Tensor forward(const torch::Tensor& images);
  int paths() const { return paths_; }

 private:
  /// The buffers in the form that a forward pass multiplies with.
  struct Plan {
    torch::Tensor reflection;            // P positions within the image
    std::vector<torch::Tensor> average;  // r: S/2^J x P/2^r, low pass, subsampling and crop of one axis
    /// [j][r]: L x P/2^r x P/2^r, complex, divided by the number of blocks that subsampling to level j folds together.
    std::vector<std::vector<torch::Tensor>> wavelets;
  };
  void prepare();
  torch::Tensor averaged(const torch::Tensor& maps, int level) const;
  torch::Tensor scatter(const torch::Tensor& images) const;

  ScatteringShape shape_;
  int paths_;
  Plan plan_;
};
TORCH_MODULE(Scattering);

}  // namespace scant
