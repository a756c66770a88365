// Wide residual networks with pre-activation (wrn-D-K): Zagoruyko & Komodakis, "Wide Residual Networks", BMVC 2016.
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// a = relu(bn1(x)); out = conv2(relu(bn2(conv1(a)))) + shortcut. The shortcut is a 1x1 convolution of a where the
/// number of channels changes, else x itself.
class WideBlock : public Block {
 public:
  WideBlock(int in, int out, int stride, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override { return after_relu(bn1_(x).relu_(), x); }
  /// bn1(x), and the block's output where relu(bn1(x)) is at hand already.
  torch::Tensor normalised(const torch::Tensor& x) { return bn1_(x); }
  torch::Tensor after_relu(const torch::Tensor& a, const torch::Tensor& x);
  std::shared_ptr<torch::nn::Module> first_norm() const { return bn1_.ptr(); }

 private:
  int border_;
  Layer bn1_, conv1_, bn2_, conv2_, shortcut_;
};

/// Stem 3x3 -> 16, three groups of `blocks` blocks with 16k, 32k, 64k channels, bn-relu, D = 64k. Bias of `fc` 0.
class WideResNet : public Backbone {
 public:
  WideResNet(const BackboneSpec& spec, int blocks, int factor, Random& random, LayerMaker& maker);
  torch::Tensor features(const torch::Tensor& images) override;
  Taps tapped(const torch::Tensor& images) override;
  std::vector<std::shared_ptr<torch::nn::Module>> tap_norms() const override;

 private:
  WideBlock& first_block(std::size_t group) const;
  Layer conv1_, bn1_;
  std::vector<std::shared_ptr<BlockGroup>> groups_;
};

}  // namespace scant
