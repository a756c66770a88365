// The CIFAR family of residual networks (rn20 ... rn1202): He et al., "Deep Residual Learning for Image Recognition",
// CVPR 2016, section 4.2, with parameter-free shortcuts.
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// conv1-bn1-relu-conv2-bn2 plus the shortcut, then ReLU. Where shapes differ the shortcut takes every stride-th pixel
/// and pads out/4 zero channels on both sides (option A).
class CifarBlock : public Block {
 public:
  CifarBlock(int in, int out, int stride, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override { return before_relu(x).relu_(); }
  torch::Tensor before_relu(const torch::Tensor& x) override;
  std::shared_ptr<torch::nn::Module> last_norm() const override { return bn2_.ptr(); }

 private:
  int stride_, border_;
  int pad_;  // zero channels on each side; -1: the shortcut is the identity
  Layer conv1_, bn1_, conv2_, bn2_;
};

/// Stem 3x3 -> 16, three groups of `blocks` blocks with 16, 32, 64 channels, D = 64. Convolutions and `fc` have
/// normal(0, sqrt(2/fan_in)) weights.
class CifarResNet : public Backbone {
 public:
  CifarResNet(const BackboneSpec& spec, int blocks, Random& random, LayerMaker& maker);
  torch::Tensor features(const torch::Tensor& images) override;
  Taps tapped(const torch::Tensor& images) override;
  std::vector<std::shared_ptr<torch::nn::Module>> tap_norms() const override;

 private:
  torch::Tensor stem(const torch::Tensor& images);
  bool stem_relu_;
  Layer conv1_, bn1_;
  std::vector<std::shared_ptr<BlockGroup>> groups_;
};

}  // namespace scant
