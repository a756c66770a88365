// Full convolution: every position of a filter sees every position of the image, also at its border. Kayhan & van
// Gemert, "On Translation Invariance in CNNs: Convolutional Layers can Exploit Absolute Spatial Location", CVPR 2020.
#pragma once
#include "harness/learn/backbone.hpp"

namespace scant {

/// Pads every k x k convolution with k-1 zeros a side instead of (k-1)/2, so that maps grow; shortcuts are padded to
/// match. The ResNet family pools over 2x2 windows without padding.
class FullConvolution : public LayerMaker {
 public:
  enum class Init {
    backbone,  // the backbone's own
    uniform,   // uniform(+-1/sqrt(fan_in)) for what the reference makes a second time: all but the stem and the
               // projections of the ResNet family
  };
  explicit FullConvolution(Init init) : init_(init) {}
  torch::nn::AnyModule conv(const ConvSpec& spec, Random& random) override;
  std::shared_ptr<Block> block(const BlockSpec& spec, Random& random) override;
  torch::nn::MaxPool2d pool() override;
  int growth() const override { return 1; }

 private:
  Init init_;
  bool wide_ = false;  // the block being made is a WideBlock
};

}  // namespace scant
