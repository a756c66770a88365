// Accuracy, balanced accuracy and the confusion matrix on cases worked out by hand.
#include "harness/core/metrics.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace scant {
namespace {

TEST(Confusion, RowsAreTheTruth) {
  const auto counts = confusion({0, 0, 1, 2}, {0, 1, 1, 0}, 3);
  EXPECT_EQ(counts, (std::vector<std::vector<long>>{{1, 1, 0}, {0, 1, 0}, {1, 0, 0}}));
  EXPECT_THROW(confusion({3}, {0}, 3), std::out_of_range);
  EXPECT_THROW(confusion({0}, {-1}, 3), std::out_of_range);
  EXPECT_THROW(confusion({0, 1}, {0}, 3), std::invalid_argument);
}

TEST(BalancedAccuracy, WeighsClassesNotSamples) {
  const std::vector<int> truth{0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, all_zero(10, 0);
  EXPECT_DOUBLE_EQ(accuracy(truth, all_zero), 0.8);
  EXPECT_DOUBLE_EQ(balanced_accuracy(truth, all_zero, 2), 0.5);
  // Recalls 3/4, 1/2 and 0.
  EXPECT_DOUBLE_EQ(balanced_accuracy({0, 0, 0, 0, 1, 1, 2}, {0, 0, 0, 1, 1, 2, 0}, 3), (0.75 + 0.5 + 0) / 3);
}

TEST(BalancedAccuracy, IgnoresClassesThatAreAbsent) {
  EXPECT_DOUBLE_EQ(balanced_accuracy({0, 2}, {0, 1}, 4), 0.5);
}

TEST(BalancedAccuracy, EqualsAccuracyOnBalancedData) {
  const std::vector<int> truth{0, 0, 1, 1, 2, 2}, predicted{0, 1, 1, 1, 0, 2};
  EXPECT_DOUBLE_EQ(balanced_accuracy(truth, predicted, 3), accuracy(truth, predicted));
}

TEST(Accuracy, NeedsData) {
  EXPECT_THROW(accuracy({}, {}), std::invalid_argument);
  EXPECT_THROW(balanced_accuracy({}, {}, 2), std::invalid_argument);
  EXPECT_THROW(accuracy({0, 1}, {0}), std::invalid_argument);
}

TEST(MacroF1, IsTheMeanOverClassesThatAppear) {
  // By hand: class 0 has 2 of 2 + 1, class 1 has 2 of 1 + 3, class 2 is never predicted; class 3 appears nowhere.
  EXPECT_NEAR(macro_f1({0, 0, 1, 2}, {0, 1, 1, 1}, 4), (2.0 / 3 + 2.0 / 4 + 0) / 3, 1e-12);
  EXPECT_EQ(macro_f1({0, 1}, {0, 1}, 2), 1);
  EXPECT_EQ(macro_f1({0, 0}, {1, 1}, 2), 0);
  EXPECT_THROW(macro_f1({}, {}, 2), std::invalid_argument);
}

}  // namespace
}  // namespace scant
