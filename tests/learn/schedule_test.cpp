// Schedules against their closed forms: ends, peaks, cycles.
#include "harness/learn/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "harness/core/error.hpp"

namespace scant {
namespace {

TEST(CosineRate, FallsFromTheInitialRateToZero) {
  EXPECT_DOUBLE_EQ(cosine_rate(0.1, 0, 12), 0.1);
  EXPECT_DOUBLE_EQ(cosine_rate(0.1, 6, 12), 0.05);
  EXPECT_NEAR(cosine_rate(0.1, 12, 12), 0, 1e-17);
  EXPECT_GT(cosine_rate(0.1, 11, 12), 0);
}

TEST(CosineBetween, JoinsItsEnds) {
  EXPECT_DOUBLE_EQ(cosine_between(0.99, 1, 0, 40), 0.99);
  EXPECT_DOUBLE_EQ(cosine_between(0.99, 1, 20, 40), 0.995);
  EXPECT_DOUBLE_EQ(cosine_between(0.99, 1, 40, 40), 1);
}

TEST(Scaling, IsLinearOrByTheRoot) {
  EXPECT_DOUBLE_EQ(linear_scaled(0.3, 512), 0.6);
  EXPECT_DOUBLE_EQ(root_scaled(0.075, 4096), linear_scaled(0.3, 4096)) << "the two agree at SimCLR's batch size";
  EXPECT_EQ(steps_in(100, 3, 32), 9) << "batches run over the epochs' borders";
}

TEST(Schedules, HoldTheirRateOrDropItAtMilestones) {
  EXPECT_DOUBLE_EQ(rate_at({.kind = "constant", .rate = 0.2}, 1000), 0.2);
  const Schedule steps{.kind = "multistep", .rate = 1, .milestones = {3, 6}, .factor = 0.5};
  EXPECT_DOUBLE_EQ(rate_at(steps, 2), 1);
  EXPECT_DOUBLE_EQ(rate_at(steps, 3), 0.5);
  EXPECT_DOUBLE_EQ(rate_at(steps, 6), 0.25);
}

TEST(Schedules, WarmUpsDifferWhereTheyReachThePeak) {
  Schedule s{.kind = "warm-up", .rate = 1, .floor = 0.1, .start = 0, .steps = 14, .warm_up = 4};
  const auto after = [](double step) { return 0.1 + 0.45 * (1 + std::cos(std::numbers::pi * step / 10)); };
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0);
  EXPECT_DOUBLE_EQ(rate_at(s, 3), 0.75);
  EXPECT_DOUBLE_EQ(rate_at(s, 4), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 9), after(5));
  s.kind = "warm-up-repeats-peak";
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0);
  EXPECT_DOUBLE_EQ(rate_at(s, 3), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 4), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 13), after(9));
  s.kind = "warm-up-ends-at-floor";
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0.25);
  EXPECT_DOUBLE_EQ(rate_at(s, 4), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 13), 0.1);
  EXPECT_DOUBLE_EQ(rate_at(s, 14), 0.1) << "stays there";
}

TEST(Schedules, AWarmUpOfOneStepBegins) {
  const Schedule s{.kind = "warm-up-repeats-peak", .rate = 1, .start = 0.25, .steps = 3, .warm_up = 1};
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0.25);
  EXPECT_DOUBLE_EQ(rate_at(s, 1), 1);
}

TEST(Schedules, SupContrastGoesByEpochsAfterWarmUp) {
  const Schedule s{.kind = "supcontrast", .rate = 1, .start = 0.01, .steps = 40, .warm_up = 20, .steps_an_epoch = 10};
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0.01);
  EXPECT_DOUBLE_EQ(rate_at(s, 10), 0.255) << "halfway to 0.5, which the cosine has after two of four epochs";
  EXPECT_DOUBLE_EQ(rate_at(s, 20), rate_at(s, 29));
  EXPECT_NEAR(rate_at(s, 39), 0, 1e-16);
}

TEST(Cycles, FollowEachOtherWithoutAHorizon) {
  for (const auto& [step, index, begin, length] : std::vector<std::array<std::int64_t, 4>>{
           {0, 0, 0, 4}, {3, 0, 0, 4}, {4, 1, 4, 8}, {11, 1, 4, 8}, {12, 2, 12, 16}, {28, 3, 28, 32}}) {
    const Cycle cycle = cycle_at(step, 4, 2);
    EXPECT_EQ(cycle.index, index) << step;
    EXPECT_EQ(cycle.begin, begin) << step;
    EXPECT_EQ(cycle.length, length) << step;
  }
  EXPECT_EQ(cycle_at(1003, 10, 1).begin, 1000);
  EXPECT_THROW(cycle_at(0, 0, 2), InputError);
  EXPECT_THROW(cycle_at(0, 4, 0.5), InputError);
}

TEST(Cycles, RiseInALineAndFallAlongACosine) {
  const Schedule s{.kind = "cycles", .rate = 1, .floor = 0.2, .cycle = 10, .growth = 2, .rise = 0.2};
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0.2);
  EXPECT_DOUBLE_EQ(rate_at(s, 1), 0.6);
  EXPECT_DOUBLE_EQ(rate_at(s, 2), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 6), 0.6);
  EXPECT_DOUBLE_EQ(rate_at(s, 10), 0.2) << "the next cycle, twice as long";
  EXPECT_DOUBLE_EQ(rate_at(s, 12), 0.6);
  EXPECT_DOUBLE_EQ(rate_at(s, 14), 1);
}

TEST(Cycles, RestartAtThePeak) {
  const Schedule s{.kind = "warm-restarts", .rate = 1, .cycle = 4, .growth = 2};
  EXPECT_DOUBLE_EQ(rate_at(s, 2), 0.5);
  EXPECT_DOUBLE_EQ(rate_at(s, 4), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 8), 0.5);
}

TEST(Cycles, OneGoesUpAndDownOnce) {
  const Schedule s{.kind = "one-cycle", .rate = 1, .floor = 0.01, .start = 0.1, .steps = 20, .rise = 0.3};
  EXPECT_DOUBLE_EQ(rate_at(s, 0), 0.1);
  EXPECT_DOUBLE_EQ(rate_at(s, 5), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 19), 0.01);
}

TEST(Cycles, TrianglesMayHalve) {
  Schedule s{.kind = "triangular", .rate = 1, .floor = 0, .cycle = 10, .rise = 0.4};
  EXPECT_DOUBLE_EQ(rate_at(s, 4), 1);
  EXPECT_DOUBLE_EQ(rate_at(s, 7), 0.5);
  EXPECT_DOUBLE_EQ(rate_at(s, 14), 1);
  s.kind = "triangular2";
  EXPECT_DOUBLE_EQ(rate_at(s, 14), 0.5);
}

TEST(Schedules, NameTheirKinds) {
  try {
    rate_at({.kind = "warmup"}, 0);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("warm-up-repeats-peak"));
  }
}

}  // namespace
}  // namespace scant
