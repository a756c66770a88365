// The ImageNet family of residual networks (rn18 ... rn152) in torchvision's layout, version 1.5: the stride sits on
// the 3x3 convolution (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016).
#pragma once
#include <array>

#include "harness/learn/backbone.hpp"

namespace scant {

/// Two 3x3 convolutions; the shortcut is a strided 1x1 convolution with normalisation where shapes differ.
class BasicBlock : public Block {
 public:
  BasicBlock(int in, int out, int stride, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override { return before_relu(x).relu_(); }
  torch::Tensor before_relu(const torch::Tensor& x) override;
  std::shared_ptr<torch::nn::Module> last_norm() const override { return bn2_.ptr(); }

 private:
  int border_;
  Layer conv1_, bn1_, conv2_, bn2_, project_, project_bn_;
};

/// 1x1 (in -> mid), 3x3 with the stride, 1x1 (mid -> 4 mid); shortcut as in BasicBlock.
class Bottleneck : public Block {
 public:
  static constexpr int expansion = 4;
  Bottleneck(int in, int mid, int stride, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override { return before_relu(x).relu_(); }
  torch::Tensor before_relu(const torch::Tensor& x) override;
  std::shared_ptr<torch::nn::Module> last_norm() const override { return bn3_.ptr(); }

 private:
  int border_;
  Layer conv1_, bn1_, conv2_, bn2_, conv3_, bn3_, project_, project_bn_;
};

/// Stem 7x7/2, maxpool 3x3/2, four groups, D = 512 or 2048. The stem of a network with other than 3 channels has
/// torch's default initialisation, because the reference replaces that layer after the others were initialised.
class ResNet : public Backbone {
 public:
  ResNet(const BackboneSpec& spec, const std::array<int, 4>& blocks, bool bottleneck, Random& random,
         LayerMaker& maker);
  torch::Tensor features(const torch::Tensor& images) override;
  Taps tapped(const torch::Tensor& images) override;
  std::vector<std::shared_ptr<torch::nn::Module>> tap_norms() const override;

 private:
  torch::Tensor stem(const torch::Tensor& images);
  Layer conv1_, bn1_;
  torch::nn::MaxPool2d maxpool_{nullptr};
  std::vector<std::shared_ptr<BlockGroup>> groups_;
};

}  // namespace scant
