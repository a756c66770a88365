// The CIFAR family of residual networks, with parameter-free shortcuts.
#include "harness/learn/backbones/cifar_resnet.hpp"

#include <cmath>

namespace scant {

CifarBlock::CifarBlock(int in, int out, int stride, Random& random, LayerMaker& maker)
    : Block("BasicBlock"),
      stride_(stride),
      border_(maker.growth() * (stride + 1)),
      pad_(stride != 1 || in != out ? (out - in) / 2 : -1) {
  constexpr auto init = ConvSpec::Init::fan_in;
  conv1_ = Layer(maker.conv({.in = in, .out = out, .stride = stride, .init = init}, random));
  bn1_ = Layer(maker.norm(out));
  conv2_ = Layer(maker.conv({.in = out, .out = out, .init = init}, random));
  bn2_ = Layer(maker.norm(out));
  register_module("conv1", conv1_.ptr());
  register_module("bn1", bn1_.ptr());
  register_module("conv2", conv2_.ptr());
  register_module("bn2", bn2_.ptr());
}

torch::Tensor CifarBlock::before_relu(const torch::Tensor& x) {
  torch::Tensor shortcut = zero_border(x, border_);
  if (pad_ >= 0) {
    using torch::indexing::None, torch::indexing::Slice;
    const Slice step(None, None, stride_);
    const torch::Tensor kept = shortcut.index({Slice(), Slice(), step, step});
    shortcut = at::constant_pad_nd(kept, {0, 0, 0, 0, pad_, pad_});
  }
  return bn2_(conv2_(bn1_(conv1_(x)).relu_())).add_(shortcut);
}

CifarResNet::CifarResNet(const BackboneSpec& spec, int blocks, Random& random, LayerMaker& maker)
    : stem_relu_(spec.stem_relu) {
  dim_ = 64;
  conv1_ = Layer(maker.conv({.in = spec.channels, .out = 16, .stem = true, .init = ConvSpec::Init::fan_in}, random));
  bn1_ = Layer(maker.norm(16));
  register_module("conv1", conv1_.ptr());
  register_module("bn1", bn1_.ptr());
  int in = 16;
  for (int group = 0; group < 3; ++group) {
    const int out = 16 << group;
    auto members = register_module("layer" + std::to_string(group + 1), std::make_shared<BlockGroup>());
    for (int b = 0; b < blocks; ++b) {
      const int stride = group > 0 && b == 0 ? 2 : 1;
      members->add(maker.block({.kind = BlockSpec::Kind::cifar, .in = in, .width = out, .stride = stride}, random));
      in = out;
    }
    groups_.push_back(members);
  }
  fc = register_module("fc", make_linear(dim_, spec.classes, random));
  fill_normal(fc->weight, std::sqrt(2.0 / dim_), random);
}

torch::Tensor CifarResNet::stem(const torch::Tensor& images) {
  torch::Tensor x = bn1_(conv1_(images));
  if (stem_relu_) x.relu_();
  return x;
}

torch::Tensor CifarResNet::features(const torch::Tensor& images) {
  torch::Tensor x = stem(images);
  for (const auto& group : groups_) x = group->forward(x);
  return x.mean({2, 3});
}

Backbone::Taps CifarResNet::tapped(const torch::Tensor& images) {
  Taps taps;
  torch::Tensor x = stem(images);
  for (const auto& group : groups_) {
    taps.maps.push_back(group->before_relu(x));
    x = taps.maps.back().relu();
  }
  taps.features = x.mean({2, 3});
  return taps;
}

std::vector<std::shared_ptr<torch::nn::Module>> CifarResNet::tap_norms() const {
  std::vector<std::shared_ptr<torch::nn::Module>> norms;
  for (const auto& group : groups_) norms.push_back(group->blocks().back()->last_norm());
  return norms;
}

}  // namespace scant
