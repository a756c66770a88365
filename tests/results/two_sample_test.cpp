// Two independent samples against counting by hand, symmetry, and Student's tests among themselves.
#include "results/statistics/two_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

const std::vector<double> kFew{0.61, 0.64, 0.70, 0.66}, kMore{0.65, 0.71, 0.73, 0.69, 0.74};

TEST(TwoSample, UCountsPairsAndIsMirrored) {
  EXPECT_DOUBLE_EQ(mann_whitney_u({1, 2, 3}, {2, 2, 0}), 1 + 2 + 3);
  EXPECT_DOUBLE_EQ(mann_whitney_u(kFew, kMore) + mann_whitney_u(kMore, kFew), 20);
  EXPECT_DOUBLE_EQ(mann_whitney_p_normal(kFew, kMore), mann_whitney_p_normal(kMore, kFew));
  EXPECT_DOUBLE_EQ(vargha_delaney(kFew, kFew), 0.5);
  EXPECT_THROW(mann_whitney_u({}, {1}), std::invalid_argument);
  EXPECT_THROW(mann_whitney_u({std::nan("")}, {1}), std::invalid_argument);
}

/// Shares of the choices of |a| of all values whose U lies at least as far out.
double p_by_enumeration(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  std::vector<bool> chosen(all.size(), false);
  std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(a.size()), true);
  const double centre = static_cast<double>(a.size() * b.size()) / 2, gap = std::abs(mann_whitney_u(a, b) - centre);
  long far = 0, ways = 0;
  do {
    std::vector<double> first, second;
    for (std::size_t i = 0; i < all.size(); ++i) (chosen[i] ? first : second).push_back(all[i]);
    far += std::abs(mann_whitney_u(first, second) - centre) >= gap;
    ++ways;
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  return static_cast<double>(far) / static_cast<double>(ways);
}

TEST(TwoSample, ExactPEqualsEnumeration) {
  EXPECT_NEAR(mann_whitney_p_exact(kFew, kMore), p_by_enumeration(kFew, kMore), 1e-14);
  EXPECT_NEAR(mann_whitney_p_exact({1, 2, 3}, {4, 5, 6}), 0.1, 1e-15);
  EXPECT_DOUBLE_EQ(mann_whitney_p_exact({1, 4}, {2, 3}), 1) << "U in the centre";
}

TEST(TwoSample, ATieBetweenSamplesMakesTheExactPNoSmaller) {
  EXPECT_GE(mann_whitney_p_exact({1, 2, 3}, {3, 4, 5}), mann_whitney_p_exact({1, 2, 3}, {3.5, 4, 5}));
  EXPECT_EQ(mann_whitney_p_normal({2, 2}, {2, 2, 2}), 1);
}

TEST(TwoSample, EffectSizesTurnWithTheSamples) {
  EXPECT_NEAR(cohen_d(kFew, kMore), -cohen_d(kMore, kFew), 1e-14);
  EXPECT_LT(std::abs(hedges_g(kFew, kMore)), std::abs(cohen_d(kFew, kMore)));
  // Means 2 and 4, both variances 1.
  EXPECT_NEAR(cohen_d({1, 2, 3}, {3, 4, 5}), -2, 1e-14);
}

TEST(TwoSample, BrownForsytheSeesSpreadsNotPlaces) {
  const std::vector<double> narrow{1, 2, 3, 4, 5.5}, wide{-10, 2, 3, 4, 21};
  EXPECT_NEAR(brown_forsythe({narrow, narrow}).f, 0, 1e-14);
  EXPECT_NEAR(brown_forsythe({narrow, narrow}).p, 1, 1e-7);
  EXPECT_LT(brown_forsythe({narrow, wide}).p, brown_forsythe({narrow, {101, 102, 103, 104, 106}}).p);
  EXPECT_THROW(brown_forsythe({narrow}), std::invalid_argument);
  EXPECT_THROW(brown_forsythe({{1, 1}, {2, 2}}), std::invalid_argument);
}

TEST(TTests, TheIntervalExcludesZeroExactlyWherePIsBelowAlpha) {
  for (const TTest& test : {welch_t(kFew, kMore), student_t(kFew, kMore), paired_t({0.1, 0.3, -0.1, 0.2})}) {
    const double p = test.p_two_sided;
    EXPECT_LT(t_interval(test, p * 0.99).low * t_interval(test, p * 0.99).high, 0) << p;
    EXPECT_GT(t_interval(test, p * 1.01).low * t_interval(test, p * 1.01).high, 0) << p;
  }
  EXPECT_THROW(t_interval(TTest{}, 0), std::invalid_argument);
}

TEST(TTests, WithEqualSizesAndSpreadsWelchIsStudent) {
  const TTest pooled = student_t({1, 2, 3}, {4, 5, 6}), welch = welch_t({1, 2, 3}, {4, 5, 6});
  EXPECT_NEAR(pooled.t, welch.t, 1e-13);
  EXPECT_NEAR(pooled.standard_error, welch.standard_error, 1e-13);
  EXPECT_NEAR(pooled.degrees, welch.degrees, 1e-12);
}

TEST(TTests, OverlapWidensAndNothingVaryingIsRefused) {
  const std::vector<double> differences{0.02, 0.01, 0.03, -0.01};
  EXPECT_NEAR(corrected_t(differences, 1.0 / 4).standard_error / paired_t(differences).standard_error, std::sqrt(2.0),
              1e-12);
  EXPECT_THROW(paired_t({0.1}), std::invalid_argument);
  EXPECT_THROW(paired_t({0, 0}), std::invalid_argument);
  EXPECT_THROW(corrected_t(differences, -1), std::invalid_argument);
  EXPECT_THROW(corrected_t(differences, INFINITY), std::invalid_argument) << "one fold has no training set";
}

}  // namespace
}  // namespace scant
