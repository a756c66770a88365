// Which trial wins: ties, NaN, early-stopped trials, the two scopes.
#include "harness/core/winner.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "harness/core/error.hpp"

namespace scant {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Winner, LastReportCountsEvenIfAnEarlierOneWasBetter) {
  EXPECT_EQ(winning_trial({{0, 1, 0.9}, {1, 1, 0.5}, {0, 2, 0.4}, {1, 2, 0.6}}, "last"), 1);
}

TEST(Winner, AnEarlyStoppedTrialCanWinByLastButNotByMaxRung) {
  const std::vector<TrialReport> reports{{0, 50, 0.8}, {1, 50, 0.7}, {1, 100, 0.75}, {2, 50, 0.6}, {2, 100, 0.74}};
  EXPECT_EQ(winning_trial(reports, "last"), 0);
  EXPECT_EQ(winning_trial(reports, "max_rung"), 1);
}

TEST(Winner, TiesGoToTheFirstTrialNotTheFirstReport) {
  EXPECT_EQ(winning_trial({{3, 1, 0.5}, {1, 1, 0.5}, {2, 1, 0.5}}, "last"), 1);
  EXPECT_EQ(winning_trial({{3, 2, 0.5}, {1, 1, 0.5}, {2, 2, 0.5}}, "max_rung"), 2);
}

TEST(Winner, WhatIsNotFiniteNeverWins) {
  EXPECT_EQ(winning_trial({{0, 1, kNan}, {1, 1, kInfinity}, {2, 1, 0.1}}, "last"), 2);
  EXPECT_EQ(winning_trial({{0, 1, 0.9}, {0, 2, kNan}, {1, 2, 0.1}}, "last"), 1) << "diverged after a good report";
  EXPECT_EQ(winning_trial({{0, 4, kNan}, {1, 2, 0.1}}, "max_rung"), 1);
  EXPECT_EQ(winning_trial({{0, 1, kNan}}, "last"), std::nullopt);
  EXPECT_EQ(winning_trial({}, "max_rung"), std::nullopt);
}

TEST(Winner, RefusesAnUnknownScope) {
  EXPECT_THROW(winning_trial({{0, 1, 0.5}}, "best"), InputError);
}

}  // namespace
}  // namespace scant
