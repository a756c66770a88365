// Power, its inverses, equivalence, and the performance score.
#include "results/statistics/power.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "harness/core/random.hpp"
#include "results/statistics.hpp"
#include "results/statistics/equivalence.hpp"
#include "results/statistics/performance_score.hpp"

namespace scant {
namespace {

TEST(Power, WithoutAnEffectIsTheLevel) {
  for (const double n : {2.0, 3.5, 30.0}) {
    EXPECT_NEAR(two_sample_power(0, n, 0.1), 0.1, 1e-10);
    EXPECT_NEAR(paired_power(0, n, 0.01), 0.01, 1e-10);
  }
  EXPECT_DOUBLE_EQ(paired_power(-0.7, 12), paired_power(0.7, 12));
}

TEST(Power, IsTheShareOfRejectionsInSimulatedTests) {
  constexpr int runs = 20000;
  constexpr double critical = 2.306004135204166;  // Student's t, 8 degrees of freedom, 97.5 %
  int rejected = 0;
  for (int run = 0; run < runs; ++run) {
    Random random(17, static_cast<std::uint64_t>(run));
    std::vector<double> a, b;
    for (int i = 0; i < 5; ++i) {
      a.push_back(random.normal() + 1.5);
      b.push_back(random.normal());
    }
    // Equal n: the pooled variance is the mean of both.
    const double pooled = (sample_sd(a) * sample_sd(a) + sample_sd(b) * sample_sd(b)) / 2;
    rejected += std::abs(mean(a) - mean(b)) / std::sqrt(pooled * 2 / 5) > critical;
  }
  EXPECT_NEAR(two_sample_power(1.5, 5), static_cast<double>(rejected) / runs, 4 * 0.5 / std::sqrt(runs));
}

TEST(Power, SizeAndDetectableEffectInvertIt) {
  for (const double effect : {0.05, 0.5, 1.2}) {
    EXPECT_NEAR(two_sample_power(effect, two_sample_size(effect, 0.9, 0.01), 0.01), 0.9, 1e-9);
    EXPECT_NEAR(paired_power(effect, paired_size(effect)), 0.8, 1e-9);
  }
  for (const double n : {2.0, 10.0, 1000.0}) {
    EXPECT_NEAR(two_sample_power(two_sample_detectable(n), n), 0.8, 1e-9);
    EXPECT_NEAR(paired_power(paired_detectable(n, 0.95, 0.1), n, 0.1), 0.95, 1e-9);
  }
  EXPECT_DOUBLE_EQ(two_sample_size(1000), 2) << "two runs have a spread, one has none";
  EXPECT_EQ(std::ceil(improvement_size()), 29);
  EXPECT_DOUBLE_EQ(improvement_size(0.25), improvement_size(0.75));
}

TEST(Power, RefusesWhatHasNoAnswer) {
  EXPECT_THROW(two_sample_power(1, 1), std::invalid_argument);
  EXPECT_THROW(paired_power(1, 5, 0), std::invalid_argument);
  EXPECT_THROW(paired_power(std::nan(""), 5), std::invalid_argument);
  EXPECT_THROW(two_sample_size(0), std::invalid_argument);
  EXPECT_THROW(two_sample_size(1, 0.04, 0.05), std::invalid_argument);
  EXPECT_THROW(paired_detectable(1), std::invalid_argument);
  EXPECT_THROW(improvement_size(0.5), std::invalid_argument);
}

TEST(Equivalence, PairedByHandWithTwoDegrees) {
  // Differences 1, 2, 3: mean 2, standard error 1/sqrt 3. With df = 2, P(T > t) = 1/2 - t / (2 sqrt(2 + t^2)).
  const Equivalence test = paired_equivalence({2, 4, 6}, {1, 2, 3}, -1, 4);
  EXPECT_NEAR(test.t_lower, 3 * std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(test.t_upper, -2 * std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(test.p_upper, 0.5 - std::sqrt(12.0) / (2 * std::sqrt(14.0)), 1e-12);
  EXPECT_DOUBLE_EQ(test.p, test.p_upper);
}

TEST(Equivalence, MirrorsWithTheSamples) {
  const std::vector<double> a{0.71, 0.73, 0.70, 0.74}, b{0.72, 0.71, 0.75, 0.77};
  for (const auto test : {equivalence, paired_equivalence}) {
    const Equivalence one = test(a, b, -0.02, 0.05), other = test(b, a, -0.05, 0.02);
    EXPECT_NEAR(one.p_lower, other.p_upper, 1e-12);
    EXPECT_NEAR(one.t_upper, -other.t_lower, 1e-12);
    EXPECT_NEAR(one.p, other.p, 1e-12);
  }
  // Against one margin alone it is Welch's one-sided test of the shifted samples.
  EXPECT_NEAR(equivalence(a, b, 0, 1).p_lower, welch(a, b).p_greater, 1e-12);
}

TEST(Equivalence, AVerdictForEveryCase) {
  const std::vector<double> base{0.700, 0.702, 0.698, 0.701, 0.699};
  std::vector<double> worse = base, noisy{0.60, 0.80, 0.70, 0.75, 0.65};
  for (double& score : worse) score -= 0.03;
  EXPECT_EQ(verdict(equivalence(base, base, -0.005, 0.005)), EquivalenceVerdict::equivalent);
  EXPECT_EQ(verdict(equivalence(worse, base, -0.005, 0.005)), EquivalenceVerdict::different);
  EXPECT_EQ(verdict(equivalence(base, worse, -0.005, 0.005)), EquivalenceVerdict::different);
  EXPECT_EQ(verdict(equivalence(noisy, base, -0.005, 0.005)), EquivalenceVerdict::undecided);
}

TEST(Equivalence, TheSameBitsAreEquivalent) {
  const std::vector<double> runs{0.7, 0.8, 0.6};
  EXPECT_EQ(verdict(paired_equivalence(runs, runs, -0.005, 0.005)), EquivalenceVerdict::equivalent);
  EXPECT_DOUBLE_EQ(paired_equivalence({1, 2}, {0, 1}, -1, 1).p, 0.5) << "exactly on the margin";
  EXPECT_EQ(verdict(paired_equivalence({3, 4}, {0, 1}, -1, 1)), EquivalenceVerdict::different);
}

TEST(Equivalence, MarginsAndErrors) {
  EXPECT_DOUBLE_EQ(default_margin(1), 0.005);
  EXPECT_DOUBLE_EQ(default_margin(0.004 * 0.004), 0.002);
  EXPECT_THROW(default_margin(-1), std::invalid_argument);
  EXPECT_THROW(equivalence({1, 2}, {1, 3}, 1, 1), std::invalid_argument);
  EXPECT_THROW(paired_equivalence({1, 2}, {1}, -1, 1), std::invalid_argument);
  EXPECT_THROW(paired_equivalence({1}, {1}, -1, 1), std::invalid_argument);
}

TEST(PerformanceScore, WorkedExample) {
  // Workload 0: medians 1 and 2. Workload 1: 10 and never. Workload 2: reached by neither.
  const auto times = times_to_target({{{1, 1, 9}, {10, HUGE_VAL, 8}, {HUGE_VAL}}, {{2, 2}, {HUGE_VAL}, {HUGE_VAL}}});
  EXPECT_EQ(times, (std::vector<std::vector<double>>{{1, 10, HUGE_VAL}, {2, HUGE_VAL, HUGE_VAL}}));
  const auto ratios = ratios_to_best(times);
  EXPECT_EQ(ratios, (std::vector<std::vector<double>>{{1, 1, HUGE_VAL}, {2, HUGE_VAL, HUGE_VAL}}));
  EXPECT_DOUBLE_EQ(performance_score(ratios[0]), 2.0 / 3);
  EXPECT_DOUBLE_EQ(performance_score(ratios[1]), 2.0 / 9);
  EXPECT_DOUBLE_EQ(performance_profile(ratios[1], 1.999), 0);
  EXPECT_NEAR(performance_score(ratios[1], 100001), 2.0 / 9, 1e-4) << "trapezoids converge to the integral";
}

TEST(PerformanceScore, TooSlowIsNever) {
  EXPECT_EQ(ratios_to_best({{1, 1}, {4, 4.001}}), (std::vector<std::vector<double>>{{1, 1}, {4, HUGE_VAL}}));
  EXPECT_DOUBLE_EQ(performance_score({4}), 0);
}

TEST(PerformanceScore, RefusesWhatDoesNotFit) {
  EXPECT_THROW(times_to_target({{{}}}), std::invalid_argument);
  EXPECT_THROW(times_to_target({{{0}}}), std::invalid_argument);
  EXPECT_THROW(ratios_to_best({{1, 2}, {1}}), std::invalid_argument);
  EXPECT_THROW(performance_score({}), std::invalid_argument);
  EXPECT_THROW(performance_score({1}, 1), std::invalid_argument);
}

}  // namespace
}  // namespace scant
