// The ImageNet family of residual networks in torchvision's layout.
#include "harness/learn/backbones/resnet.hpp"

namespace scant {
namespace {

/// The shortcut's convolution and normalisation, registered as "downsample.0" and "downsample.1"; empty layers where
/// the shapes agree.
void add_projection(Block& block, int in, int out, int stride, int border, Random& random, LayerMaker& maker,
                    Layer& conv, Layer& norm) {
  if (stride == 1 && in == out) return;
  conv = Layer(
      maker.conv({.in = in, .out = out, .kernel = 1, .stride = stride, .padding = border, .shortcut = true}, random));
  norm = Layer(maker.norm(out));
  auto pair = block.register_module("downsample", std::make_shared<torch::nn::ModuleListImpl>());
  pair->push_back(conv.ptr());
  pair->push_back(norm.ptr());
}

}  // namespace

BasicBlock::BasicBlock(int in, int out, int stride, Random& random, LayerMaker& maker)
    : Block("BasicBlock"), border_(maker.growth() * (stride + 1)) {
  conv1_ = Layer(maker.conv({.in = in, .out = out, .stride = stride}, random));
  bn1_ = Layer(maker.norm(out));
  conv2_ = Layer(maker.conv({.in = out, .out = out}, random));
  bn2_ = Layer(maker.norm(out));
  register_module("conv1", conv1_.ptr());
  register_module("bn1", bn1_.ptr());
  register_module("conv2", conv2_.ptr());
  register_module("bn2", bn2_.ptr());
  add_projection(*this, in, out, stride, border_, random, maker, project_, project_bn_);
}

torch::Tensor BasicBlock::before_relu(const torch::Tensor& x) {
  const torch::Tensor out = bn2_(conv2_(bn1_(conv1_(x)).relu_()));
  return out.add_(project_.empty() ? zero_border(x, border_) : project_bn_(project_(x)));
}

Bottleneck::Bottleneck(int in, int mid, int stride, Random& random, LayerMaker& maker)
    : Block("Bottleneck"), border_(maker.growth()) {
  const int out = mid * expansion;
  conv1_ = Layer(maker.conv({.in = in, .out = mid, .kernel = 1, .padding = 0}, random));
  bn1_ = Layer(maker.norm(mid));
  conv2_ = Layer(maker.conv({.in = mid, .out = mid, .stride = stride}, random));
  bn2_ = Layer(maker.norm(mid));
  conv3_ = Layer(maker.conv({.in = mid, .out = out, .kernel = 1, .padding = 0}, random));
  bn3_ = Layer(maker.norm(out));
  register_module("conv1", conv1_.ptr());
  register_module("bn1", bn1_.ptr());
  register_module("conv2", conv2_.ptr());
  register_module("bn2", bn2_.ptr());
  register_module("conv3", conv3_.ptr());
  register_module("bn3", bn3_.ptr());
  add_projection(*this, in, out, stride, border_, random, maker, project_, project_bn_);
}

torch::Tensor Bottleneck::before_relu(const torch::Tensor& x) {
  const torch::Tensor mid = bn2_(conv2_(bn1_(conv1_(x)).relu_())).relu_();
  const torch::Tensor out = bn3_(conv3_(mid));
  return out.add_(project_.empty() ? zero_border(x, border_) : project_bn_(project_(x)));
}

ResNet::ResNet(const BackboneSpec& spec, const std::array<int, 4>& blocks, bool bottleneck, Random& random,
               LayerMaker& maker) {
  const auto stem_init = spec.channels == 3 ? ConvSpec::Init::fan_out : ConvSpec::Init::uniform;
  conv1_ = Layer(maker.conv(
      {.in = spec.channels, .out = 64, .kernel = 7, .stride = 2, .padding = 3, .stem = true, .init = stem_init},
      random));
  bn1_ = Layer(maker.norm(64));
  register_module("conv1", conv1_.ptr());
  register_module("bn1", bn1_.ptr());
  maxpool_ = register_module("maxpool", maker.pool());
  int in = 64;
  for (int group = 0; group < 4; ++group) {
    const int width = 64 << group;
    auto members = register_module("layer" + std::to_string(group + 1), std::make_shared<BlockGroup>());
    for (int b = 0; b < blocks[static_cast<std::size_t>(group)]; ++b) {
      const BlockSpec block{.kind = bottleneck ? BlockSpec::Kind::bottleneck : BlockSpec::Kind::basic,
                            .in = in,
                            .width = width,
                            .stride = group > 0 && b == 0 ? 2 : 1};
      members->add(maker.block(block, random));
      in = block.out();
    }
    groups_.push_back(members);
  }
  dim_ = in;
  fc = register_module("fc", make_linear(dim_, spec.classes, random));
}

torch::Tensor ResNet::stem(const torch::Tensor& images) {
  const torch::Tensor x = bn1_(conv1_(images)).relu_();
  return watched(*maxpool_, maxpool_->forward(x));
}

torch::Tensor ResNet::features(const torch::Tensor& images) {
  torch::Tensor x = stem(images);
  for (const auto& group : groups_) x = group->forward(x);
  return x.mean({2, 3});
}

Backbone::Taps ResNet::tapped(const torch::Tensor& images) {
  Taps taps;
  torch::Tensor x = stem(images);
  for (const auto& group : groups_) {
    taps.maps.push_back(group->before_relu(x));
    x = taps.maps.back().relu();
  }
  taps.features = x.mean({2, 3});
  return taps;
}

std::vector<std::shared_ptr<torch::nn::Module>> ResNet::tap_norms() const {
  std::vector<std::shared_ptr<torch::nn::Module>> norms;
  for (const auto& group : groups_) norms.push_back(group->blocks().back()->last_norm());
  return norms;
}

}  // namespace scant
