// The optimiser against its definition written out, and against torch's own.
#include "harness/learn/sgd.hpp"

#include <gtest/gtest.h>
#include <torch/optim.h>

namespace scant {
namespace {

TEST(Sgd, FollowsItsDefinition) {
  torch::Tensor p = torch::tensor({2.0, -1.0}, torch::kFloat64).requires_grad_(true);
  Sgd sgd({p}, {.weight_decay = 0.1, .momentum = 0.5});
  double x = 2, buffer = 0;
  for (const double lr : {0.2, 0.1, 0.05}) {
    sgd.zero_grad();
    (p * p).sum().backward();
    sgd.step(lr);
    buffer = 0.5 * buffer + (2 * x + 0.1 * x);
    x -= lr * buffer;
    EXPECT_DOUBLE_EQ(p[0].item<double>(), x);
  }
}

TEST(Sgd, GivesTorchsBits) {
  const torch::Tensor start = torch::linspace(-1, 1, 12).view({3, 4}), x = torch::linspace(-2, 1, 8).view({2, 4});
  torch::Tensor a = start.clone().requires_grad_(true), b = start.clone().requires_grad_(true);
  Sgd ours({a}, {.weight_decay = 0.01, .momentum = 0.9});
  torch::optim::SGD theirs({b}, torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(0.01));
  for (int i = 0; i < 5; ++i) {
    ours.zero_grad();
    at::linear(x, a).tanh().sum().backward();
    ours.step(0.1);
    theirs.zero_grad();
    at::linear(x, b).tanh().sum().backward();
    theirs.step();
    EXPECT_TRUE(a.equal(b)) << "step " << i;
  }
}

TEST(Sgd, LeavesTensorsWithoutGradientAlone) {
  torch::Tensor used = torch::ones({2}).requires_grad_(true), unused = torch::ones({2}).requires_grad_(true);
  torch::Tensor zero = torch::ones({2}).requires_grad_(true);
  Sgd sgd({used, unused, zero}, {.weight_decay = 0.5, .momentum = 0.9});
  for (int i = 0; i < 2; ++i) {
    sgd.zero_grad();
    (used.sum() + 0 * zero.sum()).backward();
    sgd.step(0.1);
  }
  EXPECT_TRUE(unused.equal(torch::ones({2})));
  EXPECT_TRUE(sgd.buffers()[1].equal(torch::zeros({2})));
  EXPECT_LT(zero[0].item<double>(), 1) << "a gradient of zero still decays";
  sgd.zero_grad();
  EXPECT_FALSE(used.grad().defined());
  sgd.step(0.1);  // nothing to do
}

}  // namespace
}  // namespace scant
