// Full convolution: sizes of the growing maps, backbones, and where compat = "gem" starts differently.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

std::unique_ptr<Method> build_fconv(const std::string& backbone, const std::string& compat = "fixed",
                                    int channels = 3) {
  auto method = methods().at("fconv").make(Json::object());
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.compat = compat;
  task.trial.epochs = 1;
  task.channels = channels;
  method->build(task);
  return method;
}

torch::nn::Module& fconv_network(Method& method) {
  return dynamic_cast<GradientMethod&>(method).network();
}

/// Height of the maps after the stem, the pooling and each group, as far as there are any.
std::vector<std::int64_t> map_sizes(const std::string& backbone, int side) {
  const auto method = build_fconv(backbone);
  std::vector<std::int64_t> sizes;
  std::int64_t channels = 0;
  const LayerWatch watch([&](const torch::nn::Module& module, const torch::Tensor& out) {
    const bool pool = module.name().find("MaxPool") != std::string::npos;
    const bool block = dynamic_cast<const Block*>(&module) != nullptr;
    if (sizes.empty() || pool) {
      sizes.push_back(out.size(2));
    } else if (block && out.size(1) != channels) {
      channels = out.size(1);
      sizes.push_back(out.size(2));
    } else if (block) {
      sizes.back() = out.size(2);
    }
  });
  method->predict(torch::zeros({1, 3, side, side}));
  return sizes;
}

TEST(Fconv, MapsGrowAsInTheReference) {
  EXPECT_EQ(map_sizes("wrn-16-1", 32), (std::vector<std::int64_t>{34, 42, 28, 21}));
  EXPECT_EQ(map_sizes("rn50", 64), (std::vector<std::int64_t>{35, 17, 23, 19, 21, 16}));
}

TEST(Fconv, TakesEveryFamilyAtOddSizesAndAddsNoParameters) {
  for (const char* backbone : {"rn20", "rn18", "rn50", "wrn-10-2"}) {
    const auto method = build_fconv(backbone, "fixed", 2), plain = methods().at("xent").make(Json::object());
    Task task;
    task.trial.backbone = backbone;
    task.trial.precision = "fp32";
    task.channels = 2;
    plain->build(task);
    const auto count = [](Method& of) {
      std::int64_t total = 0;
      for (const torch::Tensor& p : fconv_network(of).parameters()) total += p.numel();
      return total;
    };
    EXPECT_EQ(count(*method), count(*plain)) << backbone;
    for (const int side : {9, 16}) {
      EXPECT_EQ(method->predict(torch::zeros({2, 2, side, side})).size(1), 10) << backbone;
    }
  }
}

/// Of every convolution, measured deviation times sqrt(fan_in).
std::map<std::string, double> scaled_deviations(const std::string& backbone, const std::string& compat) {
  const auto method = build_fconv(backbone, compat);
  std::map<std::string, double> result;
  for (const auto& entry : fconv_network(*method).named_parameters()) {
    const torch::Tensor& p = entry.value();
    if (p.dim() != 4 || p.numel() < 1000) continue;
    const auto fan_in = static_cast<double>(p.numel() / p.size(0));
    result[entry.key()] = p.detach().square().mean().sqrt().item<double>() * std::sqrt(fan_in);
  }
  return result;
}

TEST(Fconv, CompatGemStartsBlocksFromTorchsDefault) {
  const double torch_default = 1 / std::sqrt(3.0), he = std::sqrt(2.0);
  const auto gem = scaled_deviations("rn18", "gem"), fixed = scaled_deviations("rn18", "fixed");
  EXPECT_NEAR(gem.at("base.layer1.0.conv1.weight"), torch_default, 0.02);
  EXPECT_NEAR(fixed.at("base.layer1.0.conv1.weight"), he, 0.05);
  // Half as many inputs as outputs: fan_out makes it sqrt(1/2) of He's deviation for fan_in.
  EXPECT_NEAR(gem.at("base.layer2.0.downsample.0.weight"), he / std::sqrt(2.0), 0.05);
  EXPECT_NEAR(gem.at("base.conv1.weight"), fixed.at("base.conv1.weight"), 0.05);
  const auto wide = scaled_deviations("wrn-10-8", "gem");
  EXPECT_NEAR(wide.at("base.block2.layer.0.convShortcut.weight"), torch_default, 0.02);
}

}  // namespace
}  // namespace scant
