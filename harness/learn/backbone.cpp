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

}  // namespace

torch::nn::AnyModule LayerMaker::conv(const ConvSpec& spec, Random& random) {
  Conv conv(spec.in, spec.out, spec.kernel, spec.stride, spec.padding);
  const double area = spec.kernel * spec.kernel;
  switch (spec.init) {
    case ConvSpec::Init::fan_out:
      fill_normal(conv->weight, std::sqrt(2.0 / (spec.out * area)), random);
      break;
    case ConvSpec::Init::fan_in:
      fill_normal(conv->weight, std::sqrt(2.0 / (spec.in * area)), random);
      break;
    case ConvSpec::Init::uniform:
      fill_uniform(conv->weight, 1.0 / std::sqrt(spec.in * area), random);
      break;
  }
  return torch::nn::AnyModule(conv);
}

torch::nn::AnyModule LayerMaker::norm(int channels) {
  return torch::nn::AnyModule(torch::nn::BatchNorm2d(channels));
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

std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random, LayerMaker& maker) {
  if (const auto* row = find_row(cifar_table, spec.name)) {
    return std::make_shared<CifarResNet>(spec, row->blocks, random, maker);
  }
  if (const auto* row = find_row(resnet_table, spec.name)) {
    return std::make_shared<ResNet>(spec, row->blocks, row->bottleneck, random, maker);
  }
  if (const auto wide = parse_wide(spec.name)) {
    return std::make_shared<WideResNet>(spec, wide->blocks, wide->factor, random, maker);
  }
  throw InputError(
      fmt::format("no backbone is called \"{}\"; there are {}", spec.name, fmt::join(backbone_names(), ", ")));
}

std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random) {
  LayerMaker plain;
  return make_backbone(spec, random, plain);
}

}  // namespace scant
