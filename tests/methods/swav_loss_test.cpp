// Codes, prototypes and queue of SwAV.
#include "methods/parts/swav_loss.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/learn/backbone.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/sinkhorn.hpp"

namespace scant {
namespace {

torch::Tensor normal(const std::vector<std::int64_t>& sizes, std::uint64_t seed) {
  Random random(seed);
  const torch::Tensor values = torch::empty(sizes);
  fill_normal(values, 1, random);
  return values;
}

TEST(Sinkhorn, CodesUseEveryPrototypeAlike) {
  const torch::Tensor codes = sinkhorn_codes(normal({40, 5}, 1).to(torch::kFloat64) * 0.3, 0.05, 500);
  EXPECT_LT((codes.sum(1) - 1).abs().max().item<double>(), 1e-12);
  EXPECT_LT((codes.sum(0) - 8).abs().max().item<double>(), 1e-3);
}

TEST(Sinkhorn, SurvivesScoresWhoseExponentialsDoNot) {
  const torch::Tensor scores = normal({6, 4}, 2) + 40, codes = sinkhorn_codes(scores, 0.05, 3);
  EXPECT_TRUE(codes.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::allclose(codes, sinkhorn_codes(scores - 40, 0.05, 3), 1e-2, 1e-3));
  EXPECT_FALSE(sinkhorn_codes(scores.requires_grad_(true), 0.05, 3).requires_grad());
}

TEST(AssignedCodes, DropThoseOfEarlierScores) {
  const torch::Tensor now = normal({3, 4}, 3) * 0.2, earlier = normal({5, 4}, 4) * 0.2;
  const torch::Tensor together = sinkhorn_codes(torch::cat({earlier, now}), 0.05, 3);
  EXPECT_TRUE(assigned_codes(now, earlier, {}).equal(together.narrow(0, 5, 3)));
  EXPECT_FALSE(assigned_codes(now, {}, {}).equal(together.narrow(0, 5, 3)));
}

TEST(SwappedPrediction, ACropDoesNotPredictItself) {
  // Crop 0 predicts its own code perfectly and crop 1 not at all; only the prediction from crop 1 counts.
  const torch::Tensor code = torch::eye(2), sure = torch::eye(2) * 100, unsure = torch::zeros({2, 2});
  EXPECT_NEAR(swapped_prediction({sure, unsure}, {0}, {code}, 1).item<double>(), std::log(2.0), 1e-6);
  EXPECT_NEAR(swapped_prediction({unsure, sure}, {0}, {code}, 1).item<double>(), 0, 1e-6);
}

TEST(FeatureQueue, IsFullOnceEveryPlaceIsWritten) {
  FeatureQueue queue(2, 5, 1);
  const auto rows = [](float first, std::int64_t n) {
    return torch::arange(n).to(torch::kFloat32).view({n, 1}) + first;
  };
  queue->push({rows(0, 3), rows(10, 3)});
  EXPECT_FALSE(queue->full());
  queue->push({rows(3, 3), rows(13, 3)});
  EXPECT_TRUE(queue->full());
  EXPECT_TRUE(queue->features[0].flatten().equal(torch::tensor({3.0F, 4.0F, 5.0F, 0.0F, 1.0F})));
  EXPECT_TRUE(queue->features[1].flatten().equal(torch::tensor({13.0F, 14.0F, 15.0F, 10.0F, 11.0F})));
  queue->push({rows(0, 7), rows(0, 7)});
  EXPECT_TRUE(queue->features[0].flatten().equal(torch::arange(5).to(torch::kFloat32))) << "more than it holds";
}

TEST(SwavLoss, JoinsTheQueueWhenItIsFullAndFillsItOtherwise) {
  Random random(5);
  Prototypes prototypes(4, 8, random);
  FeatureQueue queue(2, 6, 8);
  const std::vector<torch::Tensor> crops{unit_rows(normal({3, 8}, 6)), unit_rows(normal({3, 8}, 7))};
  const auto loss = [&](FeatureQueueImpl* some) {
    return swav_loss(crops, {0, 1}, *prototypes, false, some, {}).item<double>();
  };
  const double alone = loss(nullptr);
  EXPECT_NEAR(loss(queue.get()), alone, 1e-5);
  queue->push({unit_rows(normal({3, 8}, 8)), unit_rows(normal({3, 8}, 9))});
  EXPECT_TRUE(queue->full());
  EXPECT_GT(std::abs(loss(queue.get()) - alone), 1e-4);
  EXPECT_TRUE(queue->features[0].narrow(0, 0, 3).equal(crops[0]));
}

TEST(SwavLoss, FrozenPrototypesGetNoGradientAndUnitLength) {
  Random random(10);
  Prototypes prototypes(4, 8, random);
  const torch::Tensor projections = normal({6, 8}, 11).requires_grad_(true);
  for (const bool frozen : {true, false}) {
    swav_loss(unit_rows(projections).split(3), {0, 1}, *prototypes, frozen, nullptr, {}).backward();
    EXPECT_EQ(prototypes->weight.grad().defined(), !frozen);
    EXPECT_LT((prototypes->weight.norm(2, 1) - 1).abs().max().item<double>(), 1e-6);
  }
  EXPECT_GT(projections.grad().abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace scant
