// Many methods: ranks, the range distribution, groups and cliques; variance components.
#include "results/statistics/friedman.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <stdexcept>

#include "results/statistics/pairwise.hpp"
#include "results/statistics/studentized_range.hpp"
#include "results/statistics/variance_components.hpp"

namespace scant {
namespace {

using Lists = std::vector<std::vector<int>>;

TEST(Friedman, RanksTiesAndPerfectAgreement) {
  const Friedman tied = friedman({{0.9, 0.8, 0.8}, {0.5, 0.5, 0.5}});
  EXPECT_EQ(tied.average_ranks, (std::vector<double>{1.5, 2.25, 2.25}));
  EXPECT_GT(tied.chi2, tied.chi2_uncorrected);
  const Friedman agreed = friedman({{3, 2, 1}, {0.3, 0.2, 0.1}, {9, 5, 4}});
  EXPECT_DOUBLE_EQ(agreed.chi2, 6) << "N (k - 1)";
  EXPECT_TRUE(std::isinf(iman_davenport(agreed.chi2, 3, 3).f));
  EXPECT_EQ(iman_davenport(agreed.chi2, 3, 3).p, 0);
  EXPECT_EQ(friedman({{1, 1}, {2, 2}}).p, 1) << "nothing but ties";
  EXPECT_THROW(friedman({{1, 2}, {1}}), std::invalid_argument);
  EXPECT_THROW(friedman({{1}}), std::invalid_argument);
  EXPECT_THROW(friedman({}), std::invalid_argument);
}

TEST(Friedman, OfTwoMethodsIsTheSignTestsChiSquare) {
  // 5 wins, 2 losses: (5 - 2)^2 / 7.
  const Friedman test = friedman({{1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}});
  EXPECT_NEAR(test.chi2, 9.0 / 7, 1e-14);
  EXPECT_NEAR(nemenyi_p(test.average_ranks[0] - test.average_ranks[1], 7, 2), test.p, 1e-12)
      << "two methods leave one comparison";
}

TEST(Range, OfTwoIsNormalAndTheTailStaysExact) {
  const boost::math::normal normal;
  for (const double q : {0.1, 1.0, 4.0, 12.0, 30.0}) {
    const double expected = 2 * cdf(complement(normal, q / std::sqrt(2.0)));
    EXPECT_NEAR(normal_range_sf(q, 2) / expected, 1, 1e-11) << q;
  }
  EXPECT_EQ(normal_range_sf(0, 5), 1);
  EXPECT_NEAR(normal_range_sf(1e-3, 8), 1, 1e-12);
  EXPECT_THROW(normal_range_sf(1, 1), std::invalid_argument);
}

TEST(Range, QuantilesInvertAndGrowWithTheNumber) {
  double previous = 0;
  for (const int k : {2, 3, 5, 10, 50}) {
    const double q = normal_range_quantile(0.05, k);
    EXPECT_NEAR(normal_range_sf(q, k), 0.05, 1e-12);
    EXPECT_GT(q, previous);
    previous = q;
  }
  EXPECT_NEAR(normal_range_quantile(0.05, 3), 3.31449, 1e-5) << "as tables print it";
  EXPECT_THROW(normal_range_quantile(0, 3), std::invalid_argument);
}

TEST(RankGroups, AreMaximalRuns) {
  EXPECT_EQ(rank_groups({1.0, 2.0, 3.0, 5.0}, 1.5), (Lists{{0, 1}, {1, 2}, {3}}));
  EXPECT_EQ(rank_groups({3.0, 1.0, 2.0}, 9), (Lists{{1, 2, 0}}));
  EXPECT_EQ(rank_groups({1.0, 2.0}, 1.0), (Lists{{0}, {1}})) << "a spread of the critical difference separates";
  EXPECT_TRUE(rank_groups({}, 1).empty());
}

PairwiseTests rejecting(int methods, const std::vector<std::pair<int, int>>& rejected) {
  PairwiseTests tests;
  for (int a = 0; a < methods; ++a) {
    for (int b = a + 1; b < methods; ++b) {
      tests.pairs.emplace_back(a, b);
      tests.reject.push_back(std::find(rejected.begin(), rejected.end(), std::pair{a, b}) != rejected.end());
    }
  }
  return tests;
}

TEST(Cliques, AreMaximalAndComplete) {
  EXPECT_EQ(maximal_cliques(rejecting(3, {}), 3), (Lists{{0, 1, 2}}));
  EXPECT_EQ(maximal_cliques(rejecting(3, {{0, 1}, {0, 2}, {1, 2}}), 3), (Lists{{0}, {1}, {2}}));
  EXPECT_EQ(maximal_cliques(rejecting(4, {{0, 2}, {1, 3}}), 4), (Lists{{0, 1}, {0, 3}, {1, 2}, {2, 3}}))
      << "a ring of four";
  // Five pairs of opponents: one of each, in every combination.
  EXPECT_EQ(maximal_cliques(rejecting(10, {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}}), 10).size(), 32);
  EXPECT_TRUE(maximal_cliques({}, 0).empty());
}

TEST(Pairwise, ARejectionNeedsEnoughDataSets) {
  std::vector<std::vector<double>> scores;
  for (int i = 0; i < 12; ++i) scores.push_back({0.9 + 0.001 * i, 0.8 - 0.002 * i, 0.8 - 0.002 * i});
  const PairwiseTests tests = pairwise_wilcoxon(scores, 0.05);
  EXPECT_EQ(tests.reject, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(tests.p[2], 1) << "the same scores";
  scores.resize(4);
  EXPECT_EQ(pairwise_wilcoxon(scores, 0.05).reject, (std::vector<bool>{false, false, false}));
  scores.push_back({1});
  EXPECT_THROW(pairwise_wilcoxon(scores, 0.05), std::invalid_argument);
}

TEST(VarianceComponents, ByHand) {
  // Means 2 and 6; within-split variances 2 and 2.
  const VarianceComponents parts = variance_components({{1, 3}, {5, 7}});
  EXPECT_DOUBLE_EQ(parts.ms_within, 2);
  EXPECT_DOUBLE_EQ(parts.ms_between, 16);
  EXPECT_DOUBLE_EQ(parts.var_split_unbiased, 7);
  EXPECT_DOUBLE_EQ(parts.icc, 14.0 / 18);
  EXPECT_DOUBLE_EQ(parts.standard_error, 2);
  EXPECT_DOUBLE_EQ(parts.degrees, 1);
  EXPECT_LT(parts.naive_standard_error, parts.standard_error);
}

TEST(VarianceComponents, MayBeNegativeAndNeedReplication) {
  const VarianceComponents parts = variance_components({{1, 3}, {3, 1}});
  EXPECT_DOUBLE_EQ(parts.var_split_unbiased, -1);
  EXPECT_DOUBLE_EQ(parts.var_split, 0);
  EXPECT_THROW(variance_components({{1, 2}}), std::invalid_argument);
  EXPECT_THROW(variance_components({{1}, {2}}), std::invalid_argument);
  EXPECT_THROW(variance_components({{1, 2}, {1, 2, 3}}), std::invalid_argument);
  EXPECT_THROW(variance_components({{1, 1}, {2, 2}}), std::invalid_argument);
}

}  // namespace
}  // namespace scant
