// The families of optimisers against torch's own, against their definitions, and across a checkpoint.
#include "harness/learn/optimiser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/core/error.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::difference;

/// A matrix and a vector, always the same ones.
std::vector<NamedParameter> two_tensors(torch::Dtype type = torch::kFloat64) {
  const auto leaf = [&](const torch::Tensor& values) { return values.to(type).clone().requires_grad_(true); };
  return {{"layer.weight", leaf(torch::linspace(-1, 1, 12).view({3, 4}))},
          {"layer.bias", leaf(torch::linspace(0.5, 1, 3))}};
}

/// Sets gradients that depend on the weights and on the step.
void backward(std::vector<NamedParameter>& parameters, int step) {
  const torch::Tensor x = torch::linspace(-2, 1 + step, 8, parameters[0].tensor.options()).view({2, 4}).detach();
  at::linear(x, parameters[0].tensor, parameters[1].tensor).tanh().square().sum().backward();
}

/// Steps ours and torch's side by side.
void expect_equal_steps(
    const OptimiserOptions& options,
    const std::function<std::unique_ptr<torch::optim::Optimizer>(std::vector<torch::Tensor>)>& make) {
  auto own = two_tensors(), others = two_tensors();
  const auto ours = make_optimiser(own, options);
  const auto theirs = make({others[0].tensor, others[1].tensor});
  for (int step = 0; step < 4; ++step) {
    ours->zero_grad();
    backward(own, step);
    ours->step(0.05);
    theirs->zero_grad();
    backward(others, step);
    theirs->step();
    for (std::size_t i = 0; i < own.size(); ++i) {
      EXPECT_LT(difference(own[i].tensor, others[i].tensor), 1e-14) << own[i].name << " after step " << step;
    }
  }
}

TEST(Optimisers, SgdWithNesterovIsTorchs) {
  expect_equal_steps({.weight_decay = 0.01, .momentum = 0.8, .nesterov = true}, [](auto tensors) {
    return std::make_unique<torch::optim::SGD>(
        tensors, torch::optim::SGDOptions(0.05).momentum(0.8).weight_decay(0.01).nesterov(true));
  });
}

TEST(Optimisers, AdamIsTorchs) {
  expect_equal_steps({.kind = "adam", .weight_decay = 0.1, .beta1 = 0.8, .beta2 = 0.95}, [](auto tensors) {
    return std::make_unique<torch::optim::Adam>(tensors,
                                                torch::optim::AdamOptions(0.05).weight_decay(0.1).betas({0.8, 0.95}));
  });
}

TEST(Optimisers, AdamWIsTorchs) {
  expect_equal_steps({.kind = "adamw", .weight_decay = 0.1}, [](auto tensors) {
    return std::make_unique<torch::optim::AdamW>(tensors, torch::optim::AdamWOptions(0.05).weight_decay(0.1));
  });
}

TEST(Optimisers, AdamCorrectsEachTensorByItsOwnSteps) {
  auto own = two_tensors();
  const auto adam = make_optimiser(own, {.kind = "adam"});
  for (int step = 0; step < 3; ++step) {
    adam->zero_grad();
    own[0].tensor.sum().backward();
    adam->step(0.1);
  }
  const torch::Tensor before = own[1].tensor.detach().clone();
  adam->zero_grad();
  own[1].tensor.sum().backward();
  adam->step(0.1);
  EXPECT_LT(difference(before - own[1].tensor, torch::full({3}, 0.1, torch::kFloat64)), 1e-8)
      << "a tensor's first step has the learning rate's length";
}

/// One step of the matrix and the vector with gradients of the weights' own size.
std::vector<torch::Tensor> first_step(const OptimiserOptions& options, double lr, double gradient = 1) {
  auto own = two_tensors();
  std::vector<torch::Tensor> before;
  for (NamedParameter& p : own) {
    before.push_back(p.tensor.detach().clone());
    p.tensor.mutable_grad() = torch::full_like(p.tensor, gradient).detach();
  }
  make_optimiser(own, options)->step(lr);
  std::vector<torch::Tensor> moves;
  for (std::size_t i = 0; i < own.size(); ++i) moves.push_back(before[i] - own[i].tensor.detach());
  return moves;
}

double length(const torch::Tensor& x) {
  return x.norm().item<double>();
}

class LarsKinds : public testing::TestWithParam<const char*> {};

TEST_P(LarsKinds, StepsAFixedShareOfTheWeights) {
  const auto start = two_tensors();
  for (const double gradient : {0.01, 100.0}) {
    const auto moves =
        first_step({.kind = GetParam(), .weight_decay = 1e-12, .trust = 0.02, .spare_vectors = true}, 0.5, gradient);
    EXPECT_NEAR(length(moves[0]), 0.5 * 0.02 * length(start[0].tensor), 1e-6) << gradient;
    EXPECT_NEAR(length(moves[1]), 0.5 * gradient * std::sqrt(3), 1e-6) << "a vector moves as in SGD";
  }
}

TEST_P(LarsKinds, MovesWeightsOfZero) {
  torch::Tensor zero = torch::zeros({2, 2}).requires_grad_(true);
  zero.mutable_grad() = torch::ones({2, 2});
  make_optimiser({{"w", zero}}, {.kind = GetParam(), .weight_decay = 0.1})->step(0.5);
  EXPECT_TRUE(zero.equal(torch::full({2, 2}, -0.5)));
}

INSTANTIATE_TEST_SUITE_P(Forms, LarsKinds,
                         testing::Values("lars", "lars-popular", "lars-deepmind", "larc", "lars-lightly"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Lars, ClipsToPlainSgd) {
  const OptimiserOptions options{.kind = "larc", .trust = 10, .trust_clip = true};
  EXPECT_LT(difference(first_step(options, 0.1)[0], first_step({}, 0.1)[0]), 1e-12);
}

TEST(Lars, OldGradientsKeepTheirRateWhereItIsInTheVelocity) {
  const auto second_move = [](const char* kind) {
    auto own = two_tensors();
    const auto lars = make_optimiser(own, {.kind = kind, .momentum = 0.5, .trust = 1});
    torch::Tensor before;
    for (const double lr : {0.1, 0.0}) {
      before = own[0].tensor.detach().clone();
      own[0].tensor.mutable_grad() = torch::ones_like(own[0].tensor).detach();
      lars->step(lr);
    }
    return length(before - own[0].tensor.detach());
  };
  EXPECT_GT(second_move("lars"), 0.01);
  EXPECT_EQ(second_move("lars-deepmind"), 0);
}

TEST(Lamb, StepsTheLengthOfTheWeights) {
  const auto start = two_tensors();
  const auto moves = first_step({.kind = "lamb", .weight_decay = 0.1, .spare_vectors = true}, 0.01);
  EXPECT_NEAR(length(moves[0]), 0.01 * length(start[0].tensor), 1e-12);
  EXPECT_LT(difference(moves[1], torch::full({3}, 0.01, torch::kFloat64)), 1e-7) << "a vector moves as in Adam";
}

TEST(Optimisers, SpareByNameOrDimension) {
  const auto moved_by_decay = [](const OptimiserOptions& options) {
    const auto moves = first_step(options, 1, /*gradient=*/0);
    return std::vector<bool>{length(moves[0]) > 0, length(moves[1]) > 0};
  };
  using testing::ElementsAre;
  for (const char* kind : {"sgd", "adam", "adamw", "lamb", "lars"}) {
    EXPECT_THAT(moved_by_decay({.kind = kind, .weight_decay = 0.1}), ElementsAre(true, true)) << kind;
    EXPECT_THAT(moved_by_decay({.kind = kind, .weight_decay = 0.1, .spare_vectors = true}), ElementsAre(true, false))
        << kind;
    EXPECT_THAT(moved_by_decay({.kind = kind,
                                .weight_decay = 0.1,
                                .spare = [](const std::string& name) { return name == "layer.weight"; }}),
                ElementsAre(false, true))
        << kind;
  }
}

TEST(Optimisers, ClipAsTorchDoes) {
  auto own = two_tensors(), others = two_tensors();
  const auto sgd = make_optimiser(own, {});
  for (const double most : {0.5, 100.0}) {
    sgd->zero_grad();
    others[0].tensor.mutable_grad().reset();
    others[1].tensor.mutable_grad().reset();
    backward(own, 1);
    backward(others, 1);
    sgd->clip_gradients(most);
    torch::nn::utils::clip_grad_norm_({others[0].tensor, others[1].tensor}, most);
    EXPECT_LT(difference(own[0].tensor.grad(), others[0].tensor.grad()), 1e-15) << most;
    EXPECT_LT(difference(own[1].tensor.grad(), others[1].tensor.grad()), 1e-15) << most;
  }
}

TEST(Norms, AreTakenInSinglePrecisionAtLeast) {
  const torch::Tensor half = torch::full({1 << 20}, 0.1).to(torch::kBFloat16);
  const torch::Tensor norms = norms_of({half});
  EXPECT_EQ(norms.scalar_type(), torch::kFloat32);
  EXPECT_NEAR(norms[0].item<double>(), 1024 * half[0].item<double>(), 0.1) << "bfloat16 would stop growing near 16";
}

class Resume : public testing::TestWithParam<std::string> {};

TEST_P(Resume, GoesOnBitForBit) {
  const OptimiserOptions options{.kind = GetParam(), .weight_decay = 0.01, .spare_vectors = true};
  const auto train = [](Optimiser& optimiser, std::vector<NamedParameter>& own, int begin, int end) {
    for (int step = begin; step < end; ++step) {
      optimiser.zero_grad();
      backward(own, step);
      optimiser.step(0.1 / (1 + step));
    }
  };
  auto whole = two_tensors(torch::kFloat32), first = two_tensors(torch::kFloat32),
       second = two_tensors(torch::kFloat32);
  const auto a = make_optimiser(whole, options), b = make_optimiser(first, options),
             c = make_optimiser(second, options);
  train(*a, whole, 0, 5);
  train(*b, first, 0, 2);
  {
    const torch::NoGradGuard no_grad;
    const State from = b->state(), to = c->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) torch::Tensor(to[i].second).copy_(from[i].second);
    for (std::size_t i = 0; i < first.size(); ++i) second[i].tensor.copy_(first[i].tensor);
  }
  train(*c, second, 2, 5);
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_TRUE(whole[i].tensor.equal(second[i].tensor)) << whole[i].name;
  EXPECT_FALSE(whole[0].tensor.equal(first[0].tensor));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Resume, testing::ValuesIn(optimiser_kinds()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Optimisers, NameTheirKinds) {
  try {
    make_optimiser(two_tensors(), {.kind = "rmsprop"});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("lars-deepmind"));
  }
}

}  // namespace
}  // namespace scant
