// Bayesian comparison of two methods: the probabilities that the one is better by more than a region of practical
// equivalence (rope), that they are equivalent, and that the other is (Benavoli, Corani, Demsar and Zaffalon, Journal
// of Machine Learning Research 18, 2017).
#pragma once
#include <cstdint>
#include <vector>

namespace scant {

/// Differences are first - second: `left` is the second method's.
struct RopeShares {
  double left = 0, inside = 0, right = 0;  // below -rope, within, above rope; together 1
};
/// The functions throw std::invalid_argument for a negative rope and for too few differences.

/// One data set, repeated splits whose training sets overlap: posterior of the mean difference is Student's t with the
/// corrected variance (corrected_t in t_tests.hpp), n - 1 degrees of freedom (Corani and Benavoli, Machine Learning
/// 100, 2015). `rope` in the units of the differences; 0.01 is the suite's choice for accuracies.
RopeShares correlated_t_posterior(const std::vector<double>& differences, double test_to_train, double rope);

/// Share of pairs (i, j) whose mean difference lies left of, within and right of the rope, weighted w_i w_j; a pair on
/// a border counts half for both sides. One draw of the posterior of the signed-rank test, if the weights are.
RopeShares weighted_pair_shares(const std::vector<double>& differences, const std::vector<double>& weights,
                                double rope);

/// Many data sets: the signed-rank test under a Dirichlet process prior of the given strength at 0. Each result is the
/// share of `draws` posterior draws, keyed by (seed, draw), in which it is the largest part.
RopeShares bayesian_signed_rank(const std::vector<double>& differences, double rope, double prior_strength, long draws,
                                std::uint64_t seed);
/// The same for the sign test, whose prior counts as that many data sets within the rope.
RopeShares bayesian_sign(const std::vector<double>& differences, double rope, double prior_strength, long draws,
                         std::uint64_t seed);

}  // namespace scant
