// Wide residual networks with pre-activation (wrn-D-K): Zagoruyko & Komodakis, "Wide Residual Networks", BMVC 2016.
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// a = relu(bn1(x)); out = conv2(relu(bn2(conv1(a)))) + shortcut. The shortcut is a 1x1 convolution of a where the
/// number of channels changes, else x itself.
class WideBlock : public Block {
 public:
  WideBlock(int in, int out, int stride, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  int border_;
  Layer bn1_, conv1_, bn2_, conv2_, shortcut_;
};

/// Stem 3x3 -> 16, three groups of `blocks` blocks with 16k, 32k, 64k channels, bn-relu, D = 64k. Bias of `fc` 0.
class WideResNet : public Backbone {
 public:
  WideResNet(const BackboneSpec& spec, int blocks, int factor, Random& random, LayerMaker& maker);
  torch::Tensor features(const torch::Tensor& images) override;

 private:
  Layer conv1_, bn1_;
  std::vector<std::shared_ptr<BlockGroup>> groups_;
};

}  // namespace scant
