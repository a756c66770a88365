// Wide residual networks with pre-activation.
#include "harness/learn/backbones/wide_resnet.hpp"

namespace scant {

WideBlock::WideBlock(int in, int out, int stride, Random& random, LayerMaker& maker)
    : Block("BasicBlock"), border_(maker.growth() * (stride + 1)) {
  bn1_ = Layer(maker.norm(in));
  conv1_ = Layer(maker.conv({.in = in, .out = out, .stride = stride}, random));
  bn2_ = Layer(maker.norm(out));
  conv2_ = Layer(maker.conv({.in = out, .out = out}, random));
  register_module("bn1", bn1_.ptr());
  register_module("conv1", conv1_.ptr());
  register_module("bn2", bn2_.ptr());
  register_module("conv2", conv2_.ptr());
  if (in != out) {
    shortcut_ = Layer(maker.conv(
        {.in = in, .out = out, .kernel = 1, .stride = stride, .padding = border_, .shortcut = true}, random));
    register_module("convShortcut", shortcut_.ptr());
  }
}

torch::Tensor WideBlock::after_relu(const torch::Tensor& a, const torch::Tensor& x) {
  const torch::Tensor out = conv2_(bn2_(conv1_(a)).relu_());
  return out.add_(shortcut_.empty() ? zero_border(x, border_) : shortcut_(a));
}

WideResNet::WideResNet(const BackboneSpec& spec, int blocks, int factor, Random& random, LayerMaker& maker) {
  dim_ = 64 * factor;
  conv1_ = Layer(maker.conv({.in = spec.channels, .out = 16, .stem = true}, random));
  register_module("conv1", conv1_.ptr());
  int in = 16;
  for (int group = 0; group < 3; ++group) {
    const int out = (16 << group) * factor;
    // The reference keeps a group's blocks in a member called "layer".
    auto outer = register_module("block" + std::to_string(group + 1), std::make_shared<torch::nn::Module>("group"));
    auto members = outer->register_module("layer", std::make_shared<BlockGroup>());
    for (int b = 0; b < blocks; ++b) {
      const int stride = group > 0 && b == 0 ? 2 : 1;
      members->add(maker.block({.kind = BlockSpec::Kind::wide, .in = in, .width = out, .stride = stride}, random));
      in = out;
    }
    groups_.push_back(members);
  }
  bn1_ = Layer(maker.norm(dim_));
  register_module("bn1", bn1_.ptr());
  fc = register_module("fc", make_linear(dim_, spec.classes, random));
  const torch::NoGradGuard no_grad;
  fc->bias.zero_();
}

torch::Tensor WideResNet::features(const torch::Tensor& images) {
  torch::Tensor x = conv1_(images);
  for (const auto& group : groups_) x = group->forward(x);
  return bn1_(x).relu_().mean({2, 3});
}

WideBlock& WideResNet::first_block(std::size_t group) const {
  return static_cast<WideBlock&>(*groups_[group]->blocks().front());
}

Backbone::Taps WideResNet::tapped(const torch::Tensor& images) {
  Taps taps;
  torch::Tensor x = groups_[0]->forward(conv1_(images));
  for (std::size_t g = 1; g < groups_.size(); ++g) {
    const auto& blocks = groups_[g]->blocks();
    taps.maps.push_back(first_block(g).normalised(x));
    x = watched(*blocks.front(), first_block(g).after_relu(taps.maps.back().relu(), x));
    for (std::size_t b = 1; b < blocks.size(); ++b) x = watched(*blocks[b], blocks[b]->forward(x));
  }
  taps.maps.push_back(bn1_(x));
  taps.features = taps.maps.back().relu().mean({2, 3});
  return taps;
}

std::vector<std::shared_ptr<torch::nn::Module>> WideResNet::tap_norms() const {
  return {first_block(1).first_norm(), first_block(2).first_norm(), bn1_.ptr()};
}

}  // namespace scant
