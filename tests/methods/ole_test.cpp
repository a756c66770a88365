// The OLE term against singular values, and where compat = "gem" changes the method.
#include <gtest/gtest.h>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/ole_term.hpp"

namespace scant {
namespace {

torch::Tensor random_features(std::int64_t n, std::int64_t d, std::uint64_t seed) {
  Random random(seed);
  torch::Tensor x = torch::empty({n, d}, torch::kFloat64);
  fill_normal(x, 1, random);
  return x;
}

double sum_of_singular_values(const torch::Tensor& x) {
  return at::linalg_svdvals(x).sum().item<double>();
}

TEST(OleTerm, IsTheNuclearNormsOfClassesLessThatOfTheBatch) {
  const torch::Tensor x = random_features(7, 5, 1), labels = torch::tensor({2, 0, 2, 1, 0, 2, 2}, torch::kInt64);
  double classes = 0;
  for (int c = 0; c < 3; ++c) classes += std::max(2.0, sum_of_singular_values(x.index({labels == c})));
  const double expected = 0.5 / 7 * (classes - sum_of_singular_values(x));
  EXPECT_NEAR(ole_term(x, labels, {.weight = 0.5, .delta = 2}).item<double>(), expected, 1e-12);
}

TEST(OleTerm, GradientEqualsDifferencesAndFollowsWhatMultipliesIt) {
  torch::Tensor x = random_features(6, 9, 2).requires_grad_(true);
  const torch::Tensor labels = torch::tensor({0, 1, 0, 1, 1, 3}, torch::kInt64);
  const OleOptions options{.weight = 1, .delta = 0.5};
  (3 * ole_term(x, labels, options)).backward();
  const torch::NoGradGuard no_grad;
  const torch::Tensor direction = random_features(6, 9, 3);
  const double step = 1e-6;
  const double above = ole_term(x + step * direction, labels, options).item<double>();
  const double below = ole_term(x - step * direction, labels, options).item<double>();
  EXPECT_NEAR((x.grad() * direction).sum().item<double>(), 3 * (above - below) / (2 * step), 1e-7);
}

TEST(OleTerm, RepeatedAndEmptyRowsLeaveItFinite) {
  for (const auto type : {torch::kFloat32, torch::kFloat64}) {
    // Large values: what rounding leaves of a direction that is not there must not pass for one.
    torch::Tensor x = (1000 * random_features(3, 64, 4).repeat({8, 1})).to(type);
    x[5].zero_();
    x.requires_grad_(true);
    ole_term(x, torch::zeros({24}, torch::kInt64), {.weight = 1, .delta = 0}).backward();
    // One class: the class's norm is the batch's, and so are the gradients.
    EXPECT_LT(x.grad().abs().max().item<double>(), 1e-6);
    torch::Tensor y = x.detach().clone().requires_grad_(true);
    ole_term(y, torch::arange(24), {.weight = 24, .delta = 0}).backward();
    EXPECT_LE(y.grad().norm(2, 1).max().item<double>(), 2.001) << "U V^T has rows of at most unit length";
  }
}

TEST(Ole, CompatGemFixesTheWeight) {
  const torch::Tensor features = random_features(4, 6, 5), labels = torch::tensor({0, 1, 0, 1}, torch::kInt64);
  const torch::Tensor logits = torch::zeros({4, 2}, torch::kFloat64);
  const auto loss = [&](const char* compat, double lambda) {
    const auto made = methods().at("ole").make({{"lambda", lambda}});
    auto& method = dynamic_cast<GradientMethod&>(*made);
    Task task;
    task.trial.backbone = "wrn-10-1";
    task.trial.precision = "fp32";
    task.trial.epochs = 1;
    task.trial.compat = compat;
    method.build(task);
    return method.loss({logits, features}, labels).item<double>();
  };
  EXPECT_NE(loss("fixed", 0.1), loss("fixed", 0.25));
  EXPECT_EQ(loss("gem", 0.1), loss("gem", 0.25));
  EXPECT_EQ(loss("gem", 0.1), loss("fixed", 0.25));
}

}  // namespace
}  // namespace scant
