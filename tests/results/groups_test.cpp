// Accuracy by group, macro-F1, and corruption errors on small worked examples.
#include "results/statistics/groups.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "results/statistics/corruption_error.hpp"

namespace scant {
namespace {

TEST(Groups, AnEmptyGroupIsNotTheWorst) {
  const GroupAccuracy got = group_accuracy({0, 1, 0, 1, 1}, {0, 1, 1, 1, 0}, {0, 0, 2, 2, 2}, 4);
  EXPECT_EQ(got.members, (std::vector<long>{2, 0, 3, 0}));
  EXPECT_DOUBLE_EQ(got.accuracy[0], 1);
  EXPECT_DOUBLE_EQ(got.accuracy[1], 0);
  EXPECT_DOUBLE_EQ(got.worst, 1.0 / 3);
  EXPECT_DOUBLE_EQ(got.overall, 0.6);
  EXPECT_DOUBLE_EQ(accuracy_quantile(got, 0.5), 2.0 / 3) << "over the two groups with members";
}

TEST(Groups, MacroF1ByBothConventions) {
  // Class 0: TP 1, FN 1. Class 1: TP 1, FP 0. Class 2 is predicted but absent: F1 = 0.
  const std::vector<int> truth{0, 0, 1}, predicted{0, 2, 1};
  EXPECT_DOUBLE_EQ(macro_f1(truth, predicted, AveragedClasses::in_truth), (2.0 / 3 + 1) / 2);
  EXPECT_DOUBLE_EQ(macro_f1(truth, predicted, AveragedClasses::in_truth_or_predictions), (2.0 / 3 + 1) / 3);
  EXPECT_DOUBLE_EQ(macro_f1({5}, {5}, AveragedClasses::in_truth), 1) << "classes in neither do not count";
}

TEST(Groups, RefusesWhatDoesNotFit) {
  EXPECT_THROW(group_accuracy({0}, {0}, {1}, 1), std::invalid_argument);
  EXPECT_THROW(group_accuracy({0}, {0}, {}, 1), std::invalid_argument);
  EXPECT_THROW(group_accuracy({}, {}, {}, 1), std::invalid_argument);
  EXPECT_THROW(macro_f1({0}, {}, AveragedClasses::in_truth), std::invalid_argument);
  EXPECT_THROW(macro_f1({-1}, {0}, AveragedClasses::in_truth), std::out_of_range);
}

TEST(CorruptionError, TheBaselineItselfHasOne) {
  std::vector<std::vector<double>> errors;
  std::vector<double> baseline;
  for (const auto& [name, error] : kAlexNetErrors) {
    errors.push_back({error - 0.1, error + 0.1});
    baseline.push_back(alexnet_error(name));
  }
  const CorruptionError own = corruption_error(errors, kAlexNetCleanError, baseline, kAlexNetCleanError);
  EXPECT_NEAR(own.mce, 1, 1e-12);
  EXPECT_NEAR(own.relative_mce, 1, 1e-12);
}

TEST(CorruptionError, AveragesRatiosNotErrors) {
  const CorruptionError got = corruption_error({{0.2, 0.4}, {0.1, 0.1}}, 0.1, {0.6, 0.2}, 0.1);
  EXPECT_DOUBLE_EQ(got.mce, 0.5);
  EXPECT_DOUBLE_EQ(got.relative_ce[0], 0.4);
  EXPECT_DOUBLE_EQ(got.relative_ce[1], 0);
  EXPECT_DOUBLE_EQ(error_by_severity({{0.2, 0.4}, {0.1, 0.1}})[1], 0.25);
}

TEST(CorruptionError, RefusesWhatHasNoYardstick) {
  EXPECT_THROW(alexnet_error("spatter"), std::invalid_argument);
  EXPECT_THROW(corruption_error({{0.1}}, 0, {0.1}, 0.1), std::invalid_argument);
  EXPECT_THROW(corruption_error({{0.1}}, 0, {0.1, 0.2}, 0), std::invalid_argument);
  EXPECT_THROW(error_by_corruption({{0.1}, {0.1, 0.2}}), std::invalid_argument);
  EXPECT_THROW(error_by_severity({{0.1}, {0.1, 0.2}}), std::invalid_argument);
  EXPECT_THROW(error_by_corruption({}), std::invalid_argument);
}

}  // namespace
}  // namespace scant
