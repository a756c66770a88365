// Backbones: sizes known from the papers and from torchvision, shapes, names, initial values, layouts.
#include "harness/learn/backbone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

std::shared_ptr<Backbone> make(const std::string& name, int channels = 3, int classes = 10, std::uint64_t seed = 1) {
  Random random(seed);
  return make_backbone({.name = name, .channels = channels, .classes = classes}, random);
}

std::int64_t parameters(const torch::nn::Module& module) {
  std::int64_t total = 0;
  for (const torch::Tensor& p : module.parameters()) total += p.numel();
  return total;
}

TEST(Backbone, HasThePublishedNumberOfParameters) {
  EXPECT_EQ(parameters(*make("rn20")), 269722);
  EXPECT_EQ(parameters(*make("rn110")), 1727962);           // He et al. 2016, table 6: 1.7 M
  EXPECT_EQ(parameters(*make("wrn-16-8")), 10961370);       // Zagoruyko & Komodakis, table 4: 11.0 M
  EXPECT_EQ(parameters(*make("rn18", 3, 1000)), 11689512);  // torchvision
  EXPECT_EQ(parameters(*make("rn50", 3, 1000)), 25557032);  // torchvision
}

TEST(Backbone, MapsImagesToFeaturesAndLogits) {
  for (const auto& [name, dim] : {std::pair{"rn20", 64}, std::pair{"wrn-10-2", 128}, std::pair{"rn18", 512}}) {
    const auto net = make(name, 2, 7);
    const torch::Tensor images = torch::ones({3, 2, 32, 32});
    EXPECT_EQ(net->dim(), dim) << name;
    EXPECT_EQ(net->features(images).sizes(), (std::vector<std::int64_t>{3, dim})) << name;
    EXPECT_EQ(net->forward(images).sizes(), (std::vector<std::int64_t>{3, 7})) << name;
  }
}

TEST(Backbone, KnowsItsNames) {
  for (const char* name : {"rn20", "rn1202", "rn34", "rn152", "wrn-16-8", "wrn-28-10", "wrn-10-1"}) {
    EXPECT_TRUE(is_backbone(name)) << name;
  }
  for (const char* name : {"", "rn19", "wrn-16", "wrn-15-8", "wrn-4-8", "wrn-16-0", "wrn-16-8x", "WRN-16-8"}) {
    EXPECT_FALSE(is_backbone(name)) << name;
    EXPECT_THROW(make(name), InputError) << name;
  }
}

TEST(Backbone, NamesItsTensorsAsTorchvisionDoes) {
  const auto net = make("rn50");
  std::vector<std::string> names;
  for (const auto& [name, tensor] : module_state(*net)) names.push_back(name);
  EXPECT_EQ(names.size(), 320U);
  EXPECT_THAT(names, testing::IsSupersetOf({"conv1.weight", "bn1.running_var", "layer1.0.downsample.0.weight",
                                            "layer4.2.bn3.num_batches_tracked", "fc.bias"}));
}

TEST(Backbone, DependsOnItsSeedAlone) {
  const auto a = make("wrn-10-1", 3, 10, 5), b = make("wrn-10-1", 3, 10, 5), c = make("wrn-10-1", 3, 10, 6);
  const State sa = module_state(*a), sb = module_state(*b);
  for (std::size_t i = 0; i < sa.size(); ++i) EXPECT_TRUE(sa[i].second.equal(sb[i].second)) << sa[i].first;
  EXPECT_FALSE(a->fc->weight.equal(c->fc->weight));
}

TEST(Backbone, GivesTheSameResultInBothMemoryLayouts) {
  for (const char* name : {"rn20", "wrn-10-1", "rn18"}) {
    const auto net = make(name);
    net->eval();
    const torch::NoGradGuard no_grad;
    torch::Tensor images = torch::empty({2, 3, 32, 32});
    Random random(3);
    fill_normal(images, 1, random);
    const torch::Tensor plain = net->forward(images);
    const torch::Tensor last = net->forward(images.contiguous(torch::MemoryFormat::ChannelsLast));
    EXPECT_LT((plain - last).abs().max().item<double>(), 1e-4 * plain.abs().max().item<double>()) << name;
  }
}

TEST(Fill, HasTheMomentsAndBoundsOfItsDistribution) {
  Random random(7);
  const torch::Tensor normal = torch::empty({200001}), uniform = torch::empty({200001});
  fill_normal(normal, 0.3, random);
  fill_uniform(uniform, 2, random);
  EXPECT_NEAR(normal.mean().item<double>(), 0, 5 * 0.3 / std::sqrt(200001));
  EXPECT_NEAR(normal.std().item<double>(), 0.3, 0.003);
  EXPECT_NEAR((normal / 0.3).pow(4).mean().item<double>(), 3, 0.1);
  EXPECT_GT(normal.abs().max().item<double>(), 4 * 0.3);
  EXPECT_NEAR(uniform.mean().item<double>(), 0, 0.02);
  EXPECT_NEAR(uniform.std().item<double>(), 2 / std::sqrt(3), 0.01);
  EXPECT_LE(uniform.abs().max().item<double>(), 2);
  EXPECT_GT(uniform.abs().max().item<double>(), 1.999);
}

TEST(Fill, NeighbouringTensorsAndValuesAreUncorrelated) {
  Random random(7);
  const torch::Tensor a = torch::empty({100000}), b = torch::empty({100000});
  fill_normal(a, 1, random);
  fill_normal(b, 1, random);
  EXPECT_LT(std::abs((a * b).mean().item<double>()), 5 / std::sqrt(1e5));
  for (int lag = 1; lag <= 4; ++lag) {
    const double product = (a.slice(0, lag) * a.slice(0, 0, -lag)).mean().item<double>();
    EXPECT_LT(std::abs(product), 5 / std::sqrt(1e5)) << lag;
  }
}

TEST(Conv, NarrowGroupsEqualTheGroupedConvolution) {
  for (const int groups : {2, 4, 8}) {  // 4, 2 and 1 channels each
    Random random(2);
    LayerMaker maker;
    const ConvSpec spec{.in = 8, .out = 16, .stride = 2, .padding = 2, .dilation = 2, .groups = groups, .bias = true};
    Layer conv(maker.conv(spec, random));
    conv.ptr()->to(torch::kFloat64);
    const auto parameters = conv.ptr()->named_parameters();
    torch::Tensor x = torch::empty({3, 8, 9, 9}, torch::kFloat64), y;
    fill_normal(x, 1, random);
    x.requires_grad_(true);
    y = x.detach().clone().requires_grad_(true);
    const torch::Tensor weight = parameters["weight"].detach().clone().requires_grad_(true);
    const torch::Tensor got = conv(x), want = at::conv2d(y, weight, parameters["bias"].detach(), 2, 2, 2, groups);
    EXPECT_TRUE(got.allclose(want, 0, 1e-12)) << groups;
    got.square().sum().backward();
    want.square().sum().backward();
    EXPECT_TRUE(parameters["weight"].grad().allclose(weight.grad(), 0, 1e-10)) << groups;
    EXPECT_TRUE(x.grad().allclose(y.grad(), 0, 1e-10)) << groups;
  }
}

TEST(LayerWatch, SeesLayersOfItsOwnThreadInOrder) {
  const auto net = make("rn20");
  std::vector<std::string> seen;
  {
    const LayerWatch watch([&](const torch::nn::Module& module, const torch::Tensor& out) {
      seen.push_back(module.name() + ":" + std::to_string(out.size(1)));
    });
    net->forward(torch::zeros({2, 3, 16, 16}));
  }
  net->forward(torch::zeros({2, 3, 16, 16}));
  ASSERT_EQ(seen.size(), 1 + 9 * 3 + 1U);
  EXPECT_EQ(seen[0], "Conv2d:16");
  EXPECT_EQ(seen[3], "BasicBlock:16");
  EXPECT_EQ(seen.back(), "torch::nn::LinearImpl:10");
}

}  // namespace
}  // namespace scant
