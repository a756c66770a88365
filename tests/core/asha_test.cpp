// ASHA's decisions at the edges that golden logs do not reach: sparse reports, NaN, odd rungs, restore by replay.
#include "harness/core/asha.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"

namespace scant {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Rungs, AreTheGracePeriodTimesPowersUpToTheEnd) {
  EXPECT_EQ(rungs(50, 500, 2), (std::vector<int>{50, 100, 200, 400}));
  EXPECT_EQ(rungs(3, 81, 3), (std::vector<int>{3, 9, 27, 81}));
  // Exact powers, where a quotient of floating-point logarithms loses the top rung.
  EXPECT_EQ(rungs(1, 1000, 10), (std::vector<int>{1, 10, 100, 1000}));
  EXPECT_EQ(rungs(1, 216, 6), (std::vector<int>{1, 6, 36, 216}));
  EXPECT_EQ(rungs(1, 243, 3).size(), 6u);
  EXPECT_TRUE(rungs(10, 9, 2).empty());
  EXPECT_EQ(rungs(1'500'000'000, 2'000'000'000, 2).size(), 1u) << "the next rung does not fit an int";
  EXPECT_THROW(rungs(0, 10, 2), InputError);
  EXPECT_THROW(rungs(1, 10, 1), InputError);
}

TEST(Asha, TheCutoffInterpolatesAndIgnoresNan) {
  Asha asha(1, 8, 2);
  asha.report(0, 1, 3);
  asha.report(1, 1, kNan);
  asha.report(2, 1, 1);
  EXPECT_DOUBLE_EQ(*asha.report(3, 1, 4).cutoff, 2);
  Asha thirds(1, 9, 3);
  for (int trial = 0; trial < 4; ++trial) thirds.report(trial, 1, 4 - trial);
  EXPECT_DOUBLE_EQ(*thirds.report(4, 1, 0).cutoff, 3) << "two thirds of 1, 2, 3, 4";
  Asha silent(1, 8, 2);
  silent.report(0, 1, kNan);
  EXPECT_FALSE(silent.report(1, 1, 0.5).cutoff);
}

TEST(Asha, FirstArrivalPassesTiesPassWorseStops) {
  Asha asha(2, 16, 2);
  const auto first = asha.report(0, 2, 0.1);
  EXPECT_FALSE(first.stop);
  EXPECT_EQ(first.rung, 2);
  EXPECT_FALSE(first.cutoff);
  EXPECT_FALSE(asha.report(1, 2, 0.1).stop);
  const auto worse = asha.report(2, 2, 0.0999);
  EXPECT_TRUE(worse.stop);
  EXPECT_DOUBLE_EQ(*worse.cutoff, 0.1);
}

TEST(Asha, AStoppedTrialsValueCountsForLaterOnes) {
  Asha asha(1, 8, 2);
  asha.report(0, 1, 0.9);
  EXPECT_TRUE(asha.report(1, 1, 0.1).stop);
  const auto third = asha.report(2, 1, 0.6);
  EXPECT_DOUBLE_EQ(*third.cutoff, 0.5) << "median of 0.9 and the stopped 0.1";
  EXPECT_FALSE(third.stop);
}

TEST(Asha, NothingHappensBetweenRungsAndTheEndFillsNone) {
  Asha asha(4, 8, 2);  // rungs 4 and 8; 8 is the end
  EXPECT_FALSE(asha.report(0, 3, 0.5).rung);
  EXPECT_EQ(asha.report(0, 4, 0.5).rung, 4);
  EXPECT_FALSE(asha.report(0, 5, 0.4).rung);
  const auto end = asha.report(0, 8, 0.5);
  EXPECT_TRUE(end.stop);
  EXPECT_FALSE(end.rung);
  EXPECT_TRUE(asha.report(1, 9, 0.5).stop) << "past the end";
}

TEST(Asha, ASparseReportFillsOneRungAndPassesThoseBelow) {
  Asha asha(50, 500, 2);
  EXPECT_EQ(asha.report(0, 150, 0.5).rung, 100);
  EXPECT_FALSE(asha.report(0, 151, 0.4).rung) << "rung 50 counts as passed";
  EXPECT_EQ(asha.report(0, 450, 0.6).rung, 400) << "and so does 200";
  EXPECT_FALSE(asha.report(0, 460, 0.6).rung);
  EXPECT_FALSE(asha.report(1, 50, 0.0).cutoff) << "rung 50 is still empty";
}

TEST(Asha, NanGoesOnAndIsNoYardstick) {
  Asha asha(1, 8, 2);
  const auto diverged = asha.report(0, 1, kNan);
  EXPECT_FALSE(diverged.stop);
  EXPECT_EQ(diverged.rung, 1);
  const auto after = asha.report(1, 1, 0.2);
  EXPECT_FALSE(after.cutoff) << "only NaN was recorded";
  EXPECT_DOUBLE_EQ(*asha.report(2, 1, 0.4).cutoff, 0.2);
  EXPECT_FALSE(asha.report(3, 1, kNan).stop) << "NaN is not below the cutoff";
}

TEST(Asha, ReplayingTheReportsRestoresTheState) {
  struct Report {
    int trial, epoch;
    double value;
  };
  Random random(7);
  std::vector<Report> log;
  for (int i = 0; i < 400; ++i) log.push_back({static_cast<int>(random.below(30)), i / 20 + 1, random.uniform()});
  Asha straight(2, 32, 2), before(2, 32, 2), after(2, 32, 2);
  for (std::size_t i = 0; i < 250; ++i) before.report(log[i].trial, log[i].epoch, log[i].value);
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto a = straight.report(log[i].trial, log[i].epoch, log[i].value);
    const auto b = after.report(log[i].trial, log[i].epoch, log[i].value);
    ASSERT_EQ(a.stop, b.stop);
    if (i < 250) continue;
    const auto c = before.report(log[i].trial, log[i].epoch, log[i].value);
    ASSERT_EQ(a.stop, c.stop);
    ASSERT_EQ(a.rung, c.rung);
    ASSERT_EQ(a.cutoff, c.cutoff);
  }
}

TEST(Asha, SpendsWhatTheRuleCostsOnExchangeableTrials) {
  // Every arrival after the first survives with probability 1/2 (reduction 2): about 26.5 % of 250 x 500 epochs.
  double epochs = 0;
  constexpr int kStudies = 20;
  for (int study = 0; study < kStudies; ++study) {
    Random random(11, static_cast<std::uint64_t>(study));
    Asha asha(50, 500, 2);
    for (int trial = 0; trial < 250; ++trial) {
      int epoch = 500;
      for (const int rung : rungs(50, 500, 2)) {
        if (!asha.report(trial, rung, random.uniform()).stop) continue;
        epoch = rung;
        break;
      }
      epochs += epoch;
    }
  }
  EXPECT_NEAR(epochs / kStudies, 33'200, 1'500);
}

}  // namespace
}  // namespace scant
