// Pairs: rounding, counts of signs, McNemar, sign flips and Wilcoxon's test against enumeration.
#include "results/statistics/paired.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "results/statistics/wilcoxon.hpp"

namespace scant {
namespace {

TEST(Paired, RoundingMakesEqualDifferencesEqual) {
  const std::vector<double> a{0.82, 0.72}, b{0.80, 0.70};
  EXPECT_NE(paired_differences(a, b, 0)[0], paired_differences(a, b, 0)[1]);
  EXPECT_EQ(paired_differences(a, b)[0], paired_differences(a, b)[1]);
  EXPECT_THROW(paired_differences(a, {1}), std::invalid_argument);
}

TEST(Paired, EvenOdds) {
  EXPECT_DOUBLE_EQ(even_odds_p(5, 0), 2.0 / 32);
  EXPECT_DOUBLE_EQ(even_odds_p(1, 3), 2.0 * 5 / 16);
  EXPECT_EQ(even_odds_p(0, 0), 1);
  EXPECT_EQ(even_odds_p(4, 4), 1);
  EXPECT_EQ(sign_test({0.1, 0, -0.2, 0.3}).positive, 2);
  EXPECT_EQ(sign_test({0.1, 0, -0.2, 0.3}).negative, 1);
  EXPECT_THROW(even_odds_p(-1, 3), std::invalid_argument);
}

TEST(Paired, McNemarCountsItemsThatOneModelGetsRight) {
  const McNemar test = mcnemar({0, 1, 2, 3}, {0, 1, 2, 0}, {0, 0, 0, 3});
  EXPECT_EQ(test.first_only, 2);
  EXPECT_EQ(test.second_only, 1);
  EXPECT_DOUBLE_EQ(test.chi2, 1.0 / 3);
  EXPECT_DOUBLE_EQ(test.chi2_corrected, 0);
  EXPECT_EQ(mcnemar(0, 0).p_chi2, 1);
  EXPECT_THROW(mcnemar({0}, {0, 1}, {0}), std::invalid_argument);
}

TEST(Paired, SignFlipsOfFewAreEnumerated) {
  // |sum| = 6 only for + + + and - - -; 4 or more also for - + + and + - -.
  EXPECT_DOUBLE_EQ(sign_flip_p({1, 2, 3}), 2.0 / 8);
  EXPECT_DOUBLE_EQ(sign_flip_p({-1, 2, 3}), 4.0 / 8);
  EXPECT_DOUBLE_EQ(sign_flip_p({0, 0}), 1);
  EXPECT_DOUBLE_EQ(sign_flip_p({0.1, 0.2, -0.3}), 1) << "a sum of zero up to rounding";
  EXPECT_THROW(sign_flip_p({}), std::invalid_argument);
}

TEST(Paired, SignFlipsOfManyAreDrawn) {
  // Equal sizes make it the sign test, whose p is known.
  std::vector<double> differences(24, 0.01);
  for (std::size_t i = 0; i < 7; ++i) differences[i] = -0.01;
  const double p = even_odds_p(17, 7), error = std::sqrt(p * (1 - p) / 100000);
  EXPECT_NEAR(sign_flip_p(differences, 1), p, 5 * error);
  EXPECT_EQ(sign_flip_p(differences, 1), sign_flip_p(differences, 1));
}

const std::vector<double> kTied{1, -1, 2, 3, 3, -3, 0, 0, 5, -6};

/// Share of the signs of the nonzero differences under which the smaller rank sum is no greater, each side counted.
double p_by_enumeration(const std::vector<double>& differences, Zeros zeros) {
  const double observed = signed_ranks(differences, zeros).statistic();
  std::vector<std::size_t> nonzero;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    if (differences[i] != 0) nonzero.push_back(i);
  }
  long low = 0, high = 0;
  for (unsigned signs = 0; signs < 1U << nonzero.size(); ++signs) {
    std::vector<double> flipped = differences;
    for (std::size_t i = 0; i < nonzero.size(); ++i) {
      if ((signs >> i & 1U) != 0) flipped[nonzero[i]] *= -1;
    }
    low += signed_ranks(flipped, zeros).plus <= observed;
    high += signed_ranks(flipped, zeros).minus <= observed;
  }
  EXPECT_EQ(low, high);
  return std::min(1.0, static_cast<double>(low + high) / static_cast<double>(1U << nonzero.size()));
}

TEST(Wilcoxon, ExactPEqualsEnumerationWithTiesAndZeros) {
  for (const Zeros zeros : {Zeros::drop, Zeros::pratt, Zeros::split}) {
    EXPECT_NEAR(wilcoxon_p_exact(kTied, zeros), p_by_enumeration(kTied, zeros), 1e-14);
  }
}

TEST(Wilcoxon, RanksByHand) {
  // |1,1,2,3,3,3,5,6|: ranks 1.5 1.5 3 5 5 5 7 8; two zeros before them under Pratt.
  const SignedRanks dropped = signed_ranks(kTied, Zeros::drop), pratt = signed_ranks(kTied, Zeros::pratt),
                    split = signed_ranks(kTied, Zeros::split);
  EXPECT_DOUBLE_EQ(dropped.plus, 1.5 + 3 + 5 + 5 + 7);
  EXPECT_DOUBLE_EQ(dropped.minus, 1.5 + 5 + 8);
  EXPECT_DOUBLE_EQ(pratt.plus, dropped.plus + 5 * 2);
  EXPECT_DOUBLE_EQ(split.minus, pratt.minus + 1.5);
  EXPECT_DOUBLE_EQ(split.plus + split.minus, 55);
  EXPECT_EQ(dropped.zeros, 2);
}

TEST(Wilcoxon, WithoutTiesTheExactPIsTheTables) {
  const std::vector<double> differences{1, -2, 3, 4, -5, 6, 7};
  EXPECT_DOUBLE_EQ(wilcoxon_p_exact(differences, Zeros::drop), wilcoxon_p_untied(differences));
  EXPECT_DOUBLE_EQ(wilcoxon_p_scipy(differences, Zeros::pratt), wilcoxon_p_untied(differences));
  EXPECT_DOUBLE_EQ(wilcoxon_p_untied({1, 2, 3, 4, 5}), 2.0 / 32);
  EXPECT_THROW(wilcoxon_p_untied({0, 1}), std::invalid_argument);
}

TEST(Wilcoxon, ManyDifferencesAreNearlyNormal) {
  std::vector<double> differences;
  for (int i = 1; i <= 1000; ++i) differences.push_back(i % 7 < 3 ? -i : i);
  const double exact = wilcoxon_p_exact(differences, Zeros::drop);
  EXPECT_NEAR(wilcoxon_p_normal(differences, Zeros::drop, false) / exact, 1, 0.05);
  for (double& d : differences) d = -d;
  EXPECT_DOUBLE_EQ(wilcoxon_p_exact(differences, Zeros::drop), exact) << "the sign of all changes nothing";
}

TEST(Wilcoxon, NoDifferenceAtAllIsNoEvidence) {
  for (const Zeros zeros : {Zeros::drop, Zeros::pratt, Zeros::split}) {
    EXPECT_EQ(wilcoxon_p_exact({0, 0, 0}, zeros), 1);
    EXPECT_EQ(wilcoxon_p_normal({0, 0, 0}, zeros, true), 1);
    EXPECT_EQ(wilcoxon_p_exact({}, zeros), 1);
  }
}

}  // namespace
}  // namespace scant
