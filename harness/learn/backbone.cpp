// The table of backbone names, the plain layer maker and forward.
#include "harness/learn/backbone.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <regex>
#include <stdexcept>

#include "harness/core/error.hpp"
#include "harness/learn/backbones/cifar_resnet.hpp"
#include "harness/learn/backbones/resnet.hpp"
#include "harness/learn/backbones/wide_resnet.hpp"
#include "harness/learn/batch_norm.hpp"

namespace scant {
namespace {

struct CifarRow {
  const char* name;
  int blocks;  // per group
};
constexpr std::array cifar_table{CifarRow{"rn20", 3}, CifarRow{"rn32", 5},   CifarRow{"rn44", 7},
                                 CifarRow{"rn56", 9}, CifarRow{"rn110", 18}, CifarRow{"rn1202", 200}};

struct ResNetRow {
  const char* name;
  std::array<int, 4> blocks;
  bool bottleneck;
};
constexpr std::array resnet_table{ResNetRow{"rn18", {2, 2, 2, 2}, false}, ResNetRow{"rn34", {3, 4, 6, 3}, false},
                                  ResNetRow{"rn50", {3, 4, 6, 3}, true}, ResNetRow{"rn101", {3, 4, 23, 3}, true},
                                  ResNetRow{"rn152", {3, 8, 36, 3}, true}};

struct Wide {
  int blocks, factor;
};

std::optional<Wide> parse_wide(const std::string& name) {
  static const std::regex pattern("wrn-([1-9][0-9]{0,3})-([1-9][0-9]{0,2})");
  std::smatch match;
  if (!std::regex_match(name, match, pattern)) return std::nullopt;
  const int depth = std::stoi(match[1]);
  if (depth < 10 || (depth - 4) % 6 != 0) return std::nullopt;
  return Wide{(depth - 4) / 6, std::stoi(match[2])};
}

template <class Table>
auto find_row(const Table& table, const std::string& name) -> decltype(table.data()) {
  for (const auto& row : table) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

std::shared_ptr<Backbone> built(const BackboneSpec& spec, Random& random, LayerMaker& maker) {
  const BackboneShape shape = backbone_shape(spec.name);
  switch (shape.family) {
    case BackboneShape::Family::cifar:
      return std::make_shared<CifarResNet>(spec, shape.blocks.front(), random, maker);
    case BackboneShape::Family::wide:
      return std::make_shared<WideResNet>(spec, shape.blocks.front(), shape.factor, random, maker);
    case BackboneShape::Family::imagenet:
      break;
  }
  const std::array blocks{shape.blocks.at(0), shape.blocks.at(1), shape.blocks.at(2), shape.blocks.at(3)};
  return std::make_shared<ResNet>(spec, blocks, shape.bottleneck, random, maker);
}

}  // namespace

torch::nn::AnyModule LayerMaker::conv(const ConvSpec& spec, Random& random) {
  Conv conv(spec.in, spec.out, spec.kernel, spec.stride, spec.padding,
            ConvImpl::Options{.dilation = spec.dilation, .groups = spec.groups, .bias = spec.bias});
  const double area = spec.kernel * spec.kernel, fan_in = spec.in / spec.groups * area;
  switch (spec.init) {
    case ConvSpec::Init::fan_out:
      fill_normal(conv->weight, std::sqrt(2.0 / (spec.out * area)), random);
      break;
    case ConvSpec::Init::fan_in:
      fill_normal(conv->weight, std::sqrt(2.0 / fan_in), random);
      break;
    case ConvSpec::Init::uniform:
      fill_uniform(conv->weight, 1.0 / std::sqrt(fan_in), random);
      break;
  }
  if (spec.bias) fill_uniform(conv->bias, 1.0 / std::sqrt(fan_in), random);
  return torch::nn::AnyModule(conv);
}

torch::nn::AnyModule LayerMaker::norm(int channels) {
  return torch::nn::AnyModule(BatchNorm(channels));
}

std::shared_ptr<Block> LayerMaker::block(const BlockSpec& spec, Random& random) {
  switch (spec.kind) {
    case BlockSpec::Kind::cifar:
      return std::make_shared<CifarBlock>(spec.in, spec.width, spec.stride, random, *this);
    case BlockSpec::Kind::basic:
      return std::make_shared<BasicBlock>(spec.in, spec.width, spec.stride, random, *this);
    case BlockSpec::Kind::bottleneck:
      return std::make_shared<Bottleneck>(spec.in, spec.width, spec.stride, random, *this);
    case BlockSpec::Kind::wide:
      break;
  }
  return std::make_shared<WideBlock>(spec.in, spec.width, spec.stride, random, *this);
}

torch::nn::MaxPool2d LayerMaker::pool() {
  return torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(3).stride(2).padding(1));
}

torch::Tensor Backbone::forward(const torch::Tensor& images) {
  return watched(*fc, fc->forward(features(images)));
}

Backbone::Taps Backbone::tapped(const torch::Tensor&) {
  throw std::logic_error("this backbone does not show the maps of its groups");
}

std::vector<std::shared_ptr<torch::nn::Module>> Backbone::tap_norms() const {
  throw std::logic_error("this backbone does not show the maps of its groups");
}

void Backbone::drop_classifier() {
  unregister_module("fc");
  fc = nullptr;
}

torch::nn::Linear make_linear(int in, int out, Random& random) {
  torch::nn::Linear linear(in, out);
  fill_uniform(linear->weight, 1.0 / std::sqrt(in), random);
  fill_uniform(linear->bias, 1.0 / std::sqrt(in), random);
  return linear;
}

bool is_backbone(const std::string& name) {
  return find_row(cifar_table, name) != nullptr || find_row(resnet_table, name) != nullptr ||
         parse_wide(name).has_value();
}

std::vector<std::string> backbone_names() {
  std::vector<std::string> names;
  for (const auto& row : cifar_table) names.emplace_back(row.name);
  for (const auto& row : resnet_table) names.emplace_back(row.name);
  names.emplace_back("wrn-D-K (D = 6n+4, e.g. wrn-16-8)");
  return names;
}

BackboneShape backbone_shape(const std::string& name) {
  using Family = BackboneShape::Family;
  if (const auto* row = find_row(cifar_table, name)) {
    return {.family = Family::cifar, .blocks = std::vector<int>(3, row->blocks)};
  }
  if (const auto* row = find_row(resnet_table, name)) {
    return {
        .family = Family::imagenet, .blocks = {row->blocks.begin(), row->blocks.end()}, .bottleneck = row->bottleneck};
  }
  if (const auto wide = parse_wide(name)) {
    return {.family = Family::wide, .blocks = std::vector<int>(3, wide->blocks), .factor = wide->factor};
  }
  throw InputError(fmt::format("no backbone is called \"{}\"; there are {}", name, fmt::join(backbone_names(), ", ")));
}

std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random, LayerMaker& maker) {
  const std::shared_ptr<Backbone> backbone = built(spec, random, maker);
  for (const auto& module : backbone->modules()) {
    auto* layer = dynamic_cast<OwnKernels*>(module.get());
    if (spec.own_kernels && layer != nullptr) layer->use_own_kernels();
  }
  return backbone;
}

std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random) {
  LayerMaker plain;
  return make_backbone(spec, random, plain);
}

}  // namespace scant
