// Diagnostics of representations where the answer is known beforehand.
#include "harness/learn/probe/diagnostics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/learn/backbone.hpp"

namespace scant {
namespace {

torch::Tensor normal(std::vector<std::int64_t> shape, std::uint64_t seed) {
  torch::Tensor tensor = torch::empty(shape, torch::kFloat64);
  Random random(seed);
  fill_normal(tensor, 1, random);
  return tensor;
}

TEST(Diagnostics, TellASphereFromACollapse) {
  const Diagnostics spread = diagnostics_of(normal({2000, 16}, 1));
  EXPECT_NEAR(spread.feature_std, 0.25, 0.01);
  EXPECT_NEAR(spread.mean_cosine, 0, 0.01);
  EXPECT_NEAR(spread.effective_rank, 16, 0.1);
  EXPECT_FALSE(spread.collapsed());
  const Diagnostics collapsed = diagnostics_of(torch::ones({50, 16}) + 1e-4 * normal({50, 16}, 2));
  EXPECT_LT(collapsed.feature_std, 1e-4);
  EXPECT_NEAR(collapsed.mean_cosine, 1, 1e-6);
  EXPECT_LT(collapsed.effective_rank, 1.1);
  EXPECT_TRUE(collapsed.collapsed());
  EXPECT_TRUE(diagnostics_of(torch::zeros({5, 3})).collapsed());
}

TEST(Diagnostics, MeanCosineIsThatOfAllPairs) {
  const torch::Tensor x = torch::tensor({{1.0, 0.0}, {0.0, 2.0}, {3.0, 3.0}}, torch::kFloat64);
  EXPECT_NEAR(mean_cosine(x).item<double>(), (0 + 2 * std::sqrt(0.5)) / 3, 1e-12);
}

TEST(Diagnostics, EqualViewsAreAlignedAndOppositePointsUniform) {
  const torch::Tensor x = torch::tensor({{2.0, 0.0}, {-1.0, 0.0}}, torch::kFloat64);
  EXPECT_DOUBLE_EQ(alignment(x, 3 * x).item<double>(), 0);
  EXPECT_DOUBLE_EQ(alignment(x, -x, 3).item<double>(), 8);
  EXPECT_NEAR(uniformity(x, 2).item<double>(), -8, 1e-12);
}

TEST(Lidar, CountsDirectionsInWhichImagesDifferMoreThanViews) {
  // 40 images that differ in two of six dimensions; views differ a little in all.
  torch::Tensor centres = torch::zeros({40, 1, 6}, torch::kFloat64);
  centres.narrow(2, 0, 2).copy_(normal({40, 1, 2}, 3) * 10);
  const torch::Tensor views = (centres + 0.1 * normal({40, 8, 6}, 4)).view({320, 6});
  const Lidar found = lidar(views, 8);
  EXPECT_NEAR(found.value, 2, 0.3);
  EXPECT_NEAR(found.value, std::exp(found.entropy), 1e-12);
  EXPECT_GT(found.top_eigenvalue, 1000);
}

TEST(PrincipalCoordinates, AreUncorrelatedLargestFirstAndOfOneSign) {
  torch::Tensor x = normal({200, 4}, 5) * torch::tensor({1.0, 8.0, 2.0, 0.1}, torch::kFloat64);
  const torch::Tensor places = principal_coordinates(x, 2), products = places.t().matmul(places);
  EXPECT_GT(products[0][0].item<double>(), products[1][1].item<double>());
  EXPECT_NEAR(products[0][1].item<double>() / products[1][1].item<double>(), 0, 1e-9);
  const torch::Tensor along = x.select(1, 1) - x.select(1, 1).mean();
  EXPECT_GT((places.select(1, 0) * along).sum().item<double>(), 0) << "the longest direction keeps its sign";
  EXPECT_EQ(principal_coordinates(x.narrow(1, 0, 1), 2).sizes(), (std::vector<std::int64_t>{200, 2}));
}

}  // namespace
}  // namespace scant
