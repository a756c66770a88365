// Detection: areas against counting pairs, symmetries, and thresholds worked out by hand.
#include "results/statistics/detection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "harness/core/random.hpp"

namespace scant {
namespace {

/// Scores with many ties.
std::vector<double> scores(std::uint64_t stream, int n, double shift) {
  Random random(3, stream);
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(std::round(4 * (random.normal() + shift)) / 4);
  return values;
}

TEST(Detection, AurocIsTheShareOfPairsInOrder) {
  for (std::uint64_t stream = 0; stream < 20; ++stream) {
    const auto up = scores(stream, 37, 0.5), down = scores(100 + stream, 23, 0);
    double pairs = 0;
    for (const double u : up) {
      for (const double d : down) pairs += u > d ? 1 : u == d ? 0.5 : 0;
    }
    EXPECT_NEAR(auroc(roc_curve(up, down)), pairs / 37 / 23, 1e-12);
    EXPECT_NEAR(auroc(roc_curve(down, up)), 1 - pairs / 37 / 23, 1e-12);
    EXPECT_NEAR(auroc(ood_positive(up, down)), auroc(id_positive(up, down)), 1e-12);
  }
}

TEST(Detection, FullSeparationAndNone) {
  const RocCurve apart = roc_curve({3, 4, 5}, {0, 1, 2});
  EXPECT_DOUBLE_EQ(auroc(apart), 1);
  EXPECT_DOUBLE_EQ(aupr(apart), 1);
  EXPECT_DOUBLE_EQ(average_precision(apart), 1);
  EXPECT_DOUBLE_EQ(false_positive_rate(apart), 0);
  const RocCurve same = roc_curve({1, 1}, {1, 1, 1, 1, 1, 1});
  EXPECT_DOUBLE_EQ(auroc(same), 0.5);
  EXPECT_DOUBLE_EQ(average_precision(same), 0.25) << "the share of positives";
  EXPECT_DOUBLE_EQ(aupr(same), (1 + 0.25) / 2) << "trapezoids flatter";
  EXPECT_DOUBLE_EQ(false_positive_rate(same), 1);
}

TEST(Detection, AverageAndTrapezoidPrecisionByHand) {
  // From the top: positive, negative, positive. Precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1.
  const RocCurve curve = roc_curve({4, 2}, {3});
  EXPECT_DOUBLE_EQ(average_precision(curve), 0.5 + 0.5 * 2 / 3);
  EXPECT_DOUBLE_EQ(aupr(curve), 0.5 + 0.5 * (0.5 + 2.0 / 3) / 2);
}

TEST(Detection, TheThresholdIsTheHighestThatReachesTheRecall) {
  std::vector<double> id;
  for (int i = 1; i <= 20; ++i) id.push_back(i);
  const RocCurve curve = id_positive(id, {0, 1, 1.5, 2, 3});
  EXPECT_DOUBLE_EQ(at_recall(curve, 0.95).threshold, 2) << "19 of 20, exactly 95 %";
  EXPECT_DOUBLE_EQ(false_positive_rate(curve), 0.4);
  EXPECT_DOUBLE_EQ(at_recall(curve, 1).threshold, 1);
  // The other definition: all five OOD samples must be flagged, the least conspicuous one has confidence 3.
  EXPECT_DOUBLE_EQ(false_positive_rate(ood_positive(id, {0, 1, 1.5, 2, 3})), 3.0 / 20);
}

TEST(Detection, LeavingOutCollinearPointsKeepsEndsAndArea) {
  const RocCurve curve = roc_curve({5, 4, 3, 1}, {2, 0});
  const RocCurve sparse = without_collinear(curve);
  EXPECT_LT(sparse.points.size(), curve.points.size());
  EXPECT_DOUBLE_EQ(sparse.points.front().threshold, 5);
  EXPECT_DOUBLE_EQ(sparse.points.back().threshold, 0);
  EXPECT_DOUBLE_EQ(auroc(sparse), auroc(curve));
}

TEST(Detection, ClassificationRateCountsRightOnesStrictlyAboveTheThreshold) {
  // ceil(0.3 x 4) = 2: the threshold is the second highest OOD score, 3.
  EXPECT_DOUBLE_EQ(correct_classification_rate({5, 4, 3, 2}, {1, 0, 1, 1}, {1, 2, 3, 4}, 0.3), 0.25);
  EXPECT_DOUBLE_EQ(correct_classification_rate({5, 4, 3, 2}, {1, 1, 1, 1}, {1, 2, 3, 4}, 1), 1);
}

TEST(Detection, RefusesWhatHasNoAnswer) {
  EXPECT_THROW(roc_curve({}, {1}), std::invalid_argument);
  EXPECT_THROW(roc_curve({1}, {std::nan("")}), std::invalid_argument);
  EXPECT_THROW(at_recall(roc_curve({1}, {0}), 0), std::invalid_argument);
  EXPECT_THROW(correct_classification_rate({1}, {1, 1}, {0}, 0.1), std::invalid_argument);
  EXPECT_THROW(correct_classification_rate({1}, {1}, {0}, 1.1), std::invalid_argument);
}

}  // namespace
}  // namespace scant
