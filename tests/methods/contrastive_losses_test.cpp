// Losses of contrastive learning in cases that can be worked out by hand, and where they must stay finite.
#include <gtest/gtest.h>

#include <cmath>

#include "harness/learn/backbone.hpp"
#include "methods/parts/barlow_loss.hpp"
#include "methods/parts/byol_loss.hpp"
#include "methods/parts/nt_xent.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/supcon_loss.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::noise;

/// N x V x D of unit rows.
torch::Tensor unit_views(std::int64_t n, std::int64_t views, std::int64_t d, std::uint64_t seed) {
  return unit_rows(noise({n * views, d}, seed)).view({n, views, d});
}

TEST(NtXent, OfOrthogonalImagesIsKnown) {
  const torch::Tensor z = 3 * torch::eye(2, torch::kFloat64);
  const torch::Tensor anchors = nt_xent_anchors(z, z, {.temperature = 0.5});
  const double expected = -2 + std::log(std::exp(2.0) + 2);
  EXPECT_TRUE(torch::allclose(anchors, torch::full({4}, expected, torch::kFloat64)));
  EXPECT_EQ(contrast_accuracy(view_logits(z, z, {})).item<double>(), 1);
  EXPECT_EQ(contrast_accuracy(view_logits(z, z.flip(0), {})).item<double>(), 0);
}

TEST(NtXent, StaysFiniteAtSmallTemperatures) {
  torch::Tensor z = noise({5, 8}, 1).to(torch::kFloat32).requires_grad_(true);
  nt_xent_anchors(z, z.detach() + 0.01, {.temperature = 1e-3}).mean().backward();
  EXPECT_TRUE(z.grad().isfinite().all().item<bool>());
}

TEST(SupCon, WithOneImageAClassEqualsNtXent) {
  const torch::Tensor z = unit_views(6, 2, 5, 2), labels = torch::arange(6);
  const torch::Tensor expected = nt_xent_anchors(z.select(1, 0), z.select(1, 1), {.temperature = 0.2});
  for (const auto form : {SupConOptions::Form::out, SupConOptions::Form::in, SupConOptions::Form::pooled}) {
    const auto losses = supcon_anchors(z, same_class(labels), {.temperature = 0.2, .form = form});
    EXPECT_TRUE(torch::allclose(losses.values, expected));
    EXPECT_TRUE(losses.positives.eq(1).all().item<bool>());
  }
}

TEST(SupCon, AnUnlabelledImageHasOnlyItsOwnViewsAsPositives) {
  const torch::Tensor labels = torch::tensor({-1, 0, -1, 0}, torch::kInt64);
  const torch::Tensor expected =
      torch::tensor({1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1}, torch::kInt64).view({4, 4}).to(torch::kBool);
  EXPECT_TRUE(same_class(labels).equal(expected));
  const auto losses = supcon_anchors(unit_views(4, 2, 5, 3), same_class(labels), {});
  EXPECT_TRUE(losses.positives.equal(torch::tensor({1, 3, 1, 3, 1, 3, 1, 3}, torch::kInt64)));
}

TEST(SupCon, InsideIsAtMostOutsideAndPooledHasItsGradient) {
  const torch::Tensor same = same_class(torch::tensor({0, 0, 1, 1, 1, 2}, torch::kInt64));
  const auto result = [&](SupConOptions::Form form) {
    torch::Tensor z = unit_views(6, 2, 4, 4).requires_grad_(true);
    const torch::Tensor losses = supcon_anchors(z, same, {.temperature = 0.3, .form = form}).values;
    losses.mean().backward();
    return std::pair{losses.detach(), z.grad()};
  };
  const auto out = result(SupConOptions::Form::out), in = result(SupConOptions::Form::in),
             pooled = result(SupConOptions::Form::pooled);
  EXPECT_TRUE((in.first <= out.first + 1e-12).all().item<bool>());
  EXPECT_TRUE(torch::allclose(in.second, pooled.second));
  EXPECT_FALSE(torch::allclose(in.second, out.second));
}

TEST(SupCon, AnchorsWithNothingToCompareGiveNeitherLossNorNaN) {
  using Options = SupConOptions;
  const std::vector<std::vector<std::int64_t>> batches{{0, 1, 1}, {0, 1, 2}, {5, 5, 5}, {3}};
  for (const auto form : {Options::Form::out, Options::Form::in}) {
    for (const auto denominator :
         {Options::Denominator::all, Options::Denominator::one_positive, Options::Denominator::only_negatives}) {
      for (const auto& labels : batches) {
        const auto n = static_cast<std::int64_t>(labels.size());
        torch::Tensor z = unit_views(n, 1, 4, 5).requires_grad_(true);
        const auto losses = supcon_anchors(z, same_class(torch::tensor(labels, torch::kInt64)),
                                           {.form = form, .denominator = denominator});
        losses.values.sum().backward();
        EXPECT_TRUE(losses.values.isfinite().all().item<bool>());
        EXPECT_TRUE(z.grad().isfinite().all().item<bool>());
        EXPECT_TRUE(losses.values.masked_select(losses.positives.eq(0)).eq(0).all().item<bool>());
      }
    }
  }
}

TEST(SupCon, MeansCountWhatTheySay) {
  const AnchorLosses losses{torch::tensor({3.0, 0.0, 1.0}), torch::tensor({1, 0, 3}, torch::kInt64)};
  EXPECT_DOUBLE_EQ(mean_of_losing(losses).item<double>(), 2);
  EXPECT_DOUBLE_EQ(mean_of_pairs(losses).item<double>(), 1.5);
  const AnchorLosses none{torch::zeros({2}), torch::zeros({2}, torch::kInt64)};
  EXPECT_EQ(mean_of_losing(none).item<double>(), 0);
  EXPECT_EQ(mean_of_pairs(none).item<double>(), 0);
}

TEST(ByolLoss, IsZeroForEqualAndEightForOppositeViews) {
  const torch::Tensor z = noise({3, 4}, 6);
  EXPECT_NEAR(byol_loss({z, 2 * z}, {3 * z, z}).item<double>(), 0, 1e-12);
  EXPECT_NEAR(byol_loss({-z, -z}, {z, z}).item<double>(), 8, 1e-12);
  EXPECT_NEAR(negative_cosine_loss({-z, -z}, {z, z}).item<double>(), 1, 1e-12);
}

TEST(BarlowLoss, AgreementOfUncorrelatedComponentsCostsNothing) {
  const torch::Tensor z = torch::tensor({1, 1, 1, -1, -1, 1, -1, -1}, torch::kFloat64).view({4, 2});
  const torch::Tensor identity = cross_correlation(z, 5 * z + 1, 0);
  EXPECT_TRUE(torch::allclose(identity, torch::eye(2, torch::kFloat64)));
  EXPECT_NEAR(barlow_loss(identity, {}).item<double>(), 0, 1e-12);
  const torch::Tensor opposite = cross_correlation(z, -z, 0);
  EXPECT_NEAR(barlow_loss(opposite, {.scale = 0.5}).item<double>(), 4, 1e-12);
  const torch::Tensor twice = torch::ones({2, 2}, torch::kFloat64);
  EXPECT_NEAR(barlow_loss(twice, {.off_diagonal = 0.1}).item<double>(), 0.2, 1e-12);
}

TEST(BarlowLoss, AConstantComponentLeavesGradientsFinite) {
  torch::Tensor z = noise({4, 3}, 7);
  z.select(1, 1).fill_(2);
  z.requires_grad_(true);
  barlow_loss(cross_correlation(z, noise({4, 3}, 8)), {}).backward();
  EXPECT_TRUE(z.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace scant
