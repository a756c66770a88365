// Posterior shares: mirrored differences, agreement with Student's test and with the beta distribution.
#include "results/statistics/bayes.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/beta.hpp>
#include <cmath>
#include <stdexcept>

#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

const std::vector<double> kDifferences{0.03, 0.01, -0.01, 0.02, 0.04, 0.015};

std::vector<double> negated(std::vector<double> values) {
  for (double& v : values) v = -v;
  return values;
}

TEST(Bayes, CorrelatedTWithoutRopeOrOverlapIsStudentsOneSidedP) {
  const RopeShares shares = correlated_t_posterior(kDifferences, 0, 0);
  EXPECT_NEAR(shares.left, paired_t(kDifferences).p_two_sided / 2, 1e-14);
  EXPECT_NEAR(shares.inside, 0, 1e-14);
  const RopeShares mirrored = correlated_t_posterior(negated(kDifferences), 0.25, 0.01),
                   straight = correlated_t_posterior(kDifferences, 0.25, 0.01);
  EXPECT_NEAR(mirrored.left, straight.right, 1e-14);
  EXPECT_NEAR(mirrored.inside, straight.inside, 1e-14);
  EXPECT_NEAR(correlated_t_posterior(kDifferences, 0.25, 10).inside, 1, 1e-6);
  EXPECT_THROW(correlated_t_posterior(kDifferences, 0, -1), std::invalid_argument);
}

TEST(Bayes, WeightedPairsByHand) {
  // Means of pairs: 0 (1/4), 1 (1/2), 2 (1/4); the middle one stands on the border.
  const RopeShares shares = weighted_pair_shares({0, 2}, {0.5, 0.5}, 1);
  EXPECT_DOUBLE_EQ(shares.left, 0);
  EXPECT_DOUBLE_EQ(shares.right, 0.25 + 0.25);
  EXPECT_DOUBLE_EQ(shares.inside, 0.5);
  EXPECT_THROW(weighted_pair_shares({0, 2}, {1}, 1), std::invalid_argument);
}

TEST(Bayes, SignedRankSeesClearCases) {
  std::vector<double> clear(15, 0.2);
  EXPECT_GT(bayesian_signed_rank(clear, 0.01, 0.5, 500, 1).right, 0.99);
  EXPECT_GT(bayesian_signed_rank(negated(clear), 0.01, 0.5, 500, 1).left, 0.99);
  EXPECT_GT(bayesian_signed_rank(std::vector<double>(15, 0.001), 0.01, 0.5, 500, 1).inside, 0.99);
  const RopeShares once = bayesian_signed_rank(kDifferences, 0.01, 0.5, 500, 3),
                   again = bayesian_signed_rank(kDifferences, 0.01, 0.5, 500, 3);
  EXPECT_EQ(once.right, again.right);
  EXPECT_NEAR(once.left + once.inside + once.right, 1, 1e-12);
}

TEST(Bayes, SignTestAgreesWithTheBetaDistribution) {
  // Nothing on the left: the right share is Beta(6, 2 + 1), and wins where it exceeds one half.
  const std::vector<double> differences{1, 1, 1, 1, 1, 1, 0, 0};
  const long draws = 40000;
  const double expected = cdf(complement(boost::math::beta_distribution<>(6, 3), 0.5));
  const double error = std::sqrt(expected * (1 - expected) / static_cast<double>(draws));
  EXPECT_NEAR(bayesian_sign(differences, 0.5, 1, draws, 7).right, expected, 5 * error);
  EXPECT_EQ(bayesian_sign(differences, 0.5, 1, draws, 7).left, 0);
  EXPECT_THROW(bayesian_sign({}, 0.5, 1, 10, 7), std::invalid_argument);
}

}  // namespace
}  // namespace scant
