// A residual network whose first layers are a scattering transform.
#include "methods/parts/scattering_backbone.hpp"

#include <cmath>

#include "harness/learn/backbones/cifar_resnet.hpp"
#include "harness/learn/backbones/resnet.hpp"
#include "harness/learn/backbones/wide_resnet.hpp"

namespace scant {

ScatteringFront::ScatteringFront(const Spec& spec, Random& random) {
  using Options = torch::nn::BatchNorm2dOptions;
  in_norm_ = register_module("1", torch::nn::BatchNorm2d(Options(spec.in).momentum(spec.momentum).affine(false)));
  conv_ = register_module("2", std::make_shared<torch::nn::Module>("Conv2d"));
  out_norm_ = register_module("3", torch::nn::BatchNorm2d(spec.out));
  constexpr int kernel = 3, area = kernel * kernel;
  const double bound = 1.0 / std::sqrt(spec.in * area);
  weight_ = conv_->register_parameter("weight", torch::empty({spec.out, spec.in, kernel, kernel}));
  if (spec.init == ConvSpec::Init::uniform) {
    fill_uniform(weight_, bound, random);
  } else {
    fill_normal(weight_, std::sqrt(2.0 / (spec.out * area)), random);
  }
  if (!spec.bias) return;
  bias_ = conv_->register_parameter("bias", torch::empty({spec.out}));
  fill_uniform(bias_, bound, random);
}

torch::Tensor ScatteringFront::forward(const torch::Tensor& x) {
  const torch::Tensor conv = at::conv2d(in_norm_->forward(x), weight_, bias_, 1, 1);
  return out_norm_->forward(watched(*conv_, conv)).relu_();
}

ScatteringBackbone::ScatteringBackbone(const BackboneSpec& spec, const ScatteringShape& shape,
                                       ConvSpec::Init front_init, Random& random) {
  const BackboneShape plain = backbone_shape(spec.name);
  scattering_ = Scattering(shape);
  const ScatteringFront::Spec front{.in = spec.channels * scattering_->paths(), .init = front_init};
  switch (plain.family) {
    case BackboneShape::Family::cifar:
      build_cifar(plain, front, random);
      break;
    case BackboneShape::Family::wide:
      build_wide(plain, front, random);
      break;
    case BackboneShape::Family::imagenet:
      build_imagenet(plain, front, random);
      break;
  }
  fc = register_module("fc", make_linear(dim_, spec.classes, random));
  const torch::NoGradGuard no_grad;
  if (plain.family == BackboneShape::Family::cifar) fill_normal(fc->weight, std::sqrt(2.0 / dim_), random);
  if (plain.family == BackboneShape::Family::wide) fc->bias.zero_();
}

void ScatteringBackbone::add_front(const std::string& name, const ScatteringFront::Spec& spec, Random& random) {
  front_ = register_module(name, std::make_shared<ScatteringFront>(spec, random));
}

void ScatteringBackbone::build_cifar(const BackboneShape& plain, ScatteringFront::Spec front, Random& random) {
  register_module("conv1", scattering_);
  front.out = 16;
  add_front("layer1", front, random);
  for (int group = 1; group < 3; ++group) {
    const int in = 8 << group, out = 16 << group;
    auto members = register_module("layer" + std::to_string(group + 1), std::make_shared<BlockGroup>());
    for (int b = 0; b < plain.blocks.at(static_cast<std::size_t>(group)); ++b) {
      members->add(std::make_shared<CifarBlock>(b == 0 ? in : out, out, 1, random, maker_));
    }
    groups_.push_back(members);
  }
  dim_ = 64;
}

void ScatteringBackbone::build_wide(const BackboneShape& plain, ScatteringFront::Spec front, Random& random) {
  register_module("conv1", scattering_);
  front.out = 16 * plain.factor;
  add_front("block1", front, random);
  for (int group = 1; group < 3; ++group) {
    const int in = (8 << group) * plain.factor, out = (16 << group) * plain.factor;
    auto outer = register_module("block" + std::to_string(group + 1), std::make_shared<torch::nn::Module>("group"));
    auto members = outer->register_module("layer", std::make_shared<BlockGroup>());
    for (int b = 0; b < plain.blocks.at(static_cast<std::size_t>(group)); ++b) {
      members->add(std::make_shared<WideBlock>(b == 0 ? in : out, out, 1, random, maker_));
    }
    groups_.push_back(members);
  }
  dim_ = 64 * plain.factor;
  bn1_ = Layer(maker_.norm(dim_));
  register_module("bn1", bn1_.ptr());
}

void ScatteringBackbone::build_imagenet(const BackboneShape& plain, ScatteringFront::Spec front, Random& random) {
  register_module("layer1", scattering_);
  front.out = plain.bottleneck ? 512 : 256;
  front.momentum = 0.9;  // of the new batch, in the original too
  front.bias = true;
  add_front("layer2", front, random);
  int in = front.out;
  for (int group = 2; group < 4; ++group) {
    const int width = 64 << group, out = plain.bottleneck ? width * Bottleneck::expansion : width;
    auto members = register_module("layer" + std::to_string(group + 1), std::make_shared<BlockGroup>());
    for (int b = 0; b < plain.blocks.at(static_cast<std::size_t>(group)); ++b) {
      const int stride = group == 3 && b == 0 ? 2 : 1;
      if (plain.bottleneck) {
        members->add(std::make_shared<Bottleneck>(in, width, stride, random, maker_));
      } else {
        members->add(std::make_shared<BasicBlock>(in, width, stride, random, maker_));
      }
      in = out;
    }
    groups_.push_back(members);
  }
  dim_ = in;
}

void ScatteringBackbone::keep_transforms(bool training) {
  // Bytes. On a GPU enough for ciFAIR-10's 500 images with all shifts and flips at J = 2.
  const bool cuda = fc->weight.is_cuda();
  const std::int64_t limit = cuda ? std::int64_t{5} << 30 : std::int64_t{128} << 20;
  kept_in_evaluation_.emplace(limit);
  if (training) kept_in_training_.emplace(limit);
}

torch::Tensor ScatteringBackbone::transformed(const torch::Tensor& images) {
  std::optional<TransformCache>& kept = is_training() ? kept_in_training_ : kept_in_evaluation_;
  if (!kept || images.requires_grad()) return scattering_->forward(images);
  return (*kept)(images, [&](const torch::Tensor& image) { return scattering_->forward(image); });
}

torch::Tensor ScatteringBackbone::features(const torch::Tensor& images) {
  const torch::Tensor maps = watched(*scattering_, transformed(images)).flatten(1, 2);
  torch::Tensor x = front_->forward(maps.contiguous(torch::MemoryFormat::ChannelsLast));
  for (const auto& group : groups_) x = group->forward(x);
  if (!bn1_.empty()) x = bn1_(x).relu_();
  return x.mean({2, 3});
}

}  // namespace scant
