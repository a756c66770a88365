// A residual network whose first layers are a scattering transform: Oyallon, Belilovsky & Zagoruyko, "Scaling the
// Scattering Transform: Deep Hybrid Networks", ICCV 2017.
#pragma once
#include <optional>

#include "harness/learn/backbone.hpp"
#include "methods/parts/scattering_transform.hpp"
#include "methods/parts/transform_cache.hpp"

namespace scant {

/// What follows the transform: batch normalisation without affine part, a 3x3 convolution, batch normalisation, ReLU.
/// Tensors: "1" (normalisation), "2" (convolution), "3" (normalisation).
class ScatteringFront : public torch::nn::Module {
 public:
  struct Spec {
    int in = 0, out = 0;
    double momentum = 0.1;  // of the first normalisation's running statistics
    bool bias = false;      // of the convolution
    ConvSpec::Init init = ConvSpec::Init::fan_out;
  };
  ScatteringFront(const Spec& spec, Random& random);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::BatchNorm2d in_norm_{nullptr}, out_norm_{nullptr};
  std::shared_ptr<torch::nn::Module> conv_;
  torch::Tensor weight_, bias_;
};

/// The groups of a backbone that remain, by family:
/// cifar and wide: transform and front (16 or 16 K channels) for stem and first group; the others with stride 1.
/// imagenet: transform and front (256 channels, 512 before bottlenecks) for stem and two groups; the third with stride
/// 1, the fourth as it was.
class ScatteringBackbone : public Backbone {
 public:
  /// `front_init`: of the new convolution; the other layers start as in the plain backbone.
  ScatteringBackbone(const BackboneSpec& spec, const ScatteringShape& shape, ConvSpec::Init front_init, Random& random);
  torch::Tensor features(const torch::Tensor& images) override;
  /// From now on transformed images are kept, in evaluation and, where `training` says that they come again, in
  /// training.
  void keep_transforms(bool training);

 private:
  torch::Tensor transformed(const torch::Tensor& images);
  void build_cifar(const BackboneShape& plain, ScatteringFront::Spec front, Random& random);
  void build_wide(const BackboneShape& plain, ScatteringFront::Spec front, Random& random);
  void build_imagenet(const BackboneShape& plain, ScatteringFront::Spec front, Random& random);
  void add_front(const std::string& name, const ScatteringFront::Spec& spec, Random& random);

  LayerMaker maker_;
  Scattering scattering_{nullptr};
  std::optional<TransformCache> kept_in_evaluation_, kept_in_training_;
  std::shared_ptr<ScatteringFront> front_;
  std::vector<std::shared_ptr<BlockGroup>> groups_;
  Layer bn1_;  // wide
};

}  // namespace scant
