// This program's own kernels beside LibTorch's, in double precision where that says more.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "harness/learn/backbone.hpp"
#include "harness/learn/batch_norm.hpp"
#include "harness/learn/session.hpp"
#include "harness/learn/winograd.hpp"
#include "tests/learn/tiny_data.hpp"
#include "tests/learn/tiny_trial.hpp"

namespace scant {
namespace {

using torch::autograd::grad;

/// Gives back the threads it took.
class ThreadCount {
 public:
  explicit ThreadCount(int count) { at::set_num_threads(count); }
  ~ThreadCount() { at::set_num_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_ = at::get_num_threads();
};

/// The largest difference, relative to the largest expected value.
double relative_error(const torch::Tensor& found, const torch::Tensor& expected) {
  const torch::Tensor wide = expected.to(torch::kFloat64);
  return ((found.to(torch::kFloat64) - wide).abs().max() / wide.abs().max()).item<double>();
}

torch::Tensor seeded(at::IntArrayRef sizes, std::uint64_t seed) {
  Random random(seed);
  const torch::Tensor tensor = torch::empty(sizes);
  fill_normal(tensor, 1, random);
  return tensor;
}

struct ConvCase {
  std::int64_t images, in, out, height, width;
  int threads;
};

class Winograd : public testing::TestWithParam<ConvCase> {};

TEST_P(Winograd, IsTheConvolution) {
  const ConvCase& one = GetParam();
  const ThreadCount threads(one.threads);
  const torch::Tensor x = seeded({one.images, one.in, one.height, one.width}, 1).requires_grad_();
  const torch::Tensor weight = (seeded({one.out, one.in, 3, 3}, 2) * 0.1).requires_grad_();
  const torch::Tensor dy = seeded({one.images, one.out, one.height, one.width}, 3);
  const torch::Tensor wide_x = x.detach().to(torch::kFloat64).requires_grad_();
  const torch::Tensor wide_weight = weight.detach().to(torch::kFloat64).requires_grad_();

  ASSERT_TRUE(winograd_fits(x, weight));
  const torch::Tensor y = winograd_conv2d(x, weight);
  const torch::Tensor expected = at::conv2d(wide_x, wide_weight, {}, 1, 1);
  ASSERT_EQ(y.sizes(), expected.sizes());
  EXPECT_TRUE(y.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_LT(relative_error(y, expected), 5e-5);

  const auto found = grad({y}, {x, weight}, {dy});
  const auto gradients = grad({expected}, {wide_x, wide_weight}, {dy.to(torch::kFloat64)});
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(found[i].sizes(), gradients[i].sizes());
    EXPECT_LT(relative_error(found[i], gradients[i]), 5e-5) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Winograd,
                         testing::Values(ConvCase{5, 16, 16, 32, 32, 1}, ConvCase{5, 32, 48, 13, 9, 1},
                                         ConvCase{3, 64, 16, 8, 8, 2}, ConvCase{7, 16, 64, 7, 7, 3},
                                         ConvCase{2, 48, 32, 1, 1, 1}, ConvCase{1, 16, 16, 4, 5, 2},
                                         ConvCase{2, 128, 256, 6, 6, 1}),
                         [](const auto& info) {
                           const ConvCase& c = info.param;
                           return "N" + std::to_string(c.images) + "C" + std::to_string(c.in) + "K" +
                                  std::to_string(c.out) + "H" + std::to_string(c.height) + "W" +
                                  std::to_string(c.width) + "T" + std::to_string(c.threads);
                         });

TEST(WinogradConvolution, GivesGradientsOfOneInputAlone) {
  const torch::Tensor x = seeded({2, 16, 8, 8}, 1), weight = seeded({16, 16, 3, 3}, 2);
  const torch::Tensor asked_x = x.clone().requires_grad_(), asked_weight = weight.clone().requires_grad_();
  winograd_conv2d(asked_x, weight).square().sum().backward();
  winograd_conv2d(x, asked_weight).square().sum().backward();
  const torch::Tensor both_x = x.clone().requires_grad_(), both_weight = weight.clone().requires_grad_();
  winograd_conv2d(both_x, both_weight).square().sum().backward();
  EXPECT_TRUE(asked_x.grad().equal(both_x.grad()));
  EXPECT_TRUE(asked_weight.grad().equal(both_weight.grad()));
}

TEST(WinogradConvolution, CanBeDifferentiatedTwice) {
  const auto curvature = [](auto convolve) {
    const torch::Tensor x = seeded({2, 16, 8, 8}, 1).requires_grad_();
    const torch::Tensor weight = (seeded({16, 16, 3, 3}, 2) * 0.1).requires_grad_();
    const auto first = grad({convolve(x, weight).square().sum()}, {x, weight}, {}, {}, true);
    return grad({first[0].square().sum() + first[1].square().sum()}, {x, weight});
  };
  const auto found = curvature([](const auto& x, const auto& weight) { return winograd_conv2d(x, weight); });
  const auto expected = curvature([](const auto& x, const auto& weight) { return at::conv2d(x, weight, {}, 1, 1); });
  EXPECT_LT(relative_error(found[0], expected[0]), 1e-4);
  EXPECT_LT(relative_error(found[1], expected[1]), 1e-4);
}

TEST(WinogradConvolution, RefusesWhatItsTilesDoNotFit) {
  const torch::Tensor x = torch::zeros({2, 16, 8, 8});
  EXPECT_FALSE(winograd_fits(x, torch::zeros({24, 16, 3, 3})));
  EXPECT_FALSE(winograd_fits(x, torch::zeros({16, 16, 5, 5})));
  EXPECT_FALSE(winograd_fits(x, torch::zeros({16, 8, 3, 3})));  // two groups
  EXPECT_FALSE(winograd_fits(x.to(torch::kFloat64), torch::zeros({16, 16, 3, 3}).to(torch::kFloat64)));
  EXPECT_THROW(winograd_conv2d(x, torch::zeros({16, 16, 5, 5})), c10::Error);
}

struct NormRun {
  torch::Tensor y, running_mean, running_var, dx, dweight, dbias, curvature;
};

NormRun normalised(bool own_kernels, const torch::Tensor& values) {
  BatchNorm norm(static_cast<int>(values.size(1)));
  if (own_kernels) norm->use_own_kernels();
  norm->weight.set_data(seeded({values.size(1)}, 5) + 2);
  norm->bias.set_data(seeded({values.size(1)}, 6));
  norm->to(values.scalar_type());
  const torch::Tensor x = values.clone().requires_grad_();
  const torch::Tensor y = norm->forward(x), dy = seeded(x.sizes(), 7).to(values.scalar_type());
  const auto first = grad({y}, {x, norm->weight, norm->bias}, {dy}, true);
  const torch::Tensor again = norm->forward(x);
  const auto slope = grad({again}, {x}, {dy}, {}, true);
  return {y.detach(),
          norm->running_mean,
          norm->running_var,
          first[0],
          first[1],
          first[2],
          grad({slope[0].square().sum()}, {x})[0]};
}

class OwnBatchNorm : public testing::TestWithParam<int> {};

TEST_P(OwnBatchNorm, IsBatchNormalisation) {
  const ThreadCount threads(GetParam());
  // Channels with means of some, and of a thousand, deviations.
  const torch::Tensor offsets = torch::tensor({0.F, 3.F, -20.F, 1000.F}).repeat({4}).view({1, 16, 1, 1});
  const torch::Tensor x = seeded({6, 16, 9, 11}, 1) + offsets;
  const NormRun found = normalised(true, x), theirs = normalised(false, x);
  const NormRun expected = normalised(false, x.to(torch::kFloat64));
  // As close to the truth as LibTorch in single precision, which a mean of a thousand deviations costs digits.
  const auto expect_as_close = [&](torch::Tensor NormRun::*part, const char* name) {
    const double bound = std::max(1e-6, 2 * relative_error(theirs.*part, expected.*part));
    EXPECT_LT(relative_error(found.*part, expected.*part), bound) << name;
  };
  expect_as_close(&NormRun::y, "y");
  expect_as_close(&NormRun::running_mean, "running mean");
  expect_as_close(&NormRun::running_var, "running variance");
  expect_as_close(&NormRun::dx, "gradient of x");
  expect_as_close(&NormRun::dweight, "gradient of the weight");
  expect_as_close(&NormRun::dbias, "gradient of the bias");
  expect_as_close(&NormRun::curvature, "second derivative");
}

INSTANTIATE_TEST_SUITE_P(Threads, OwnBatchNorm, testing::Values(1, 3));

/// Losses of a few steps of gradient descent from the same weights.
std::vector<double> descent(const std::string& backbone, bool own_kernels) {
  Random random(4);
  const auto network = make_backbone({.name = backbone, .own_kernels = own_kernels}, random);
  const torch::Tensor images = seeded({8, 3, 32, 32}, 1), labels = torch::arange(8);
  std::vector<double> losses;
  for (int step = 0; step < 4; ++step) {
    const torch::Tensor loss = torch::nn::functional::cross_entropy(network->forward(images), labels);
    losses.push_back(loss.item<double>());
    const auto gradients = grad({loss}, network->parameters());
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < gradients.size(); ++i) network->parameters()[i].sub_(gradients[i], 0.02);
  }
  return losses;
}

TEST(OwnKernels, TrainNetworksAsLibTorchDoes) {
  for (const std::string backbone : {"rn20", "wrn-10-2"}) {
    const auto own = descent(backbone, true), theirs = descent(backbone, false);
    EXPECT_NE(own, theirs) << backbone << " did not use them";
    for (std::size_t step = 0; step < own.size(); ++step) EXPECT_NEAR(own[step], theirs[step], 1e-3) << backbone;
  }
}

TEST(OwnKernels, GiveTheSameBitsTwice) {
  const auto trained = [] {
    Trial trial = test::tiny_trial("xent", {{"batch_size", 10}}, "wrn-10-1");
    trial.precision = "fp32-fast";
    trial.epochs = 2;
    Session session(trial, make_data_pool(test::tiny_dataset(), torch::kCPU), torch::kCPU);
    session.train_until(2, [] { return false; });
    return session.parameters_digest();
  };
  EXPECT_EQ(trained(), trained());
}

}  // namespace
}  // namespace scant
