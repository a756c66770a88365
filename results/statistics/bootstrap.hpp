// The bootstrap: keyed replicates, intervals from them, and the resampling schemes of the suite (Efron and Tibshirani,
// An Introduction to the Bootstrap, 1993). Replicate b draws from Random(seed, b) alone, so threads change no number.
#pragma once
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "harness/core/random.hpp"
#include "results/statistics/interval.hpp"

namespace scant {

/// Runs work(begin, end) over disjoint blocks of 0..count-1 on `threads` threads (0: one a core), and rethrows what one
/// of them threw. Results must not depend on the blocks.
void in_blocks(long count, int threads, const std::function<void(long begin, long end)>& work);

/// statistic(draws of replicate b), b = 0 .. count-1. `statistic` runs on several threads.
std::vector<double> bootstrap_replicates(long count, std::uint64_t seed, int threads,
                                         const std::function<double(Random&)>& statistic);

/// The values at `indices`. Throws std::out_of_range for an index outside.
std::vector<double> picked(const std::vector<double>& values, const std::vector<int>& indices);

/// Every interval below covers 1 - alpha; std::invalid_argument without replicates or unless 0 < alpha < 1.

/// [q(alpha/2), q(1 - alpha/2)] of the replicates, linearly interpolated.
ConfidenceInterval percentile_interval(const std::vector<double>& replicates, double alpha);
/// [2 T - q(1 - alpha/2), 2 T - q(alpha/2)] around the observed value T.
ConfidenceInterval basic_interval(const std::vector<double>& replicates, double observed, double alpha);

/// Bias-corrected and accelerated (Efron, Journal of the American Statistical Association 82, 1987).
struct BcaInterval {
  ConfidenceInterval interval;
  ConfidenceInterval levels;          // the probabilities whose quantiles are taken instead of alpha/2 and 1 - alpha/2
  double bias = 0, acceleration = 0;  // z0 and a
};
/// `left_out`: the statistic without each value in turn (jackknife). Throws std::invalid_argument also where all
/// replicates lie on one side of `observed`.
BcaInterval bca_interval(const std::vector<double>& replicates, double observed, const std::vector<double>& left_out,
                         double alpha);
/// The statistic without each value in turn; needs two values.
std::vector<double> jackknife(const std::vector<double>& values,
                              const std::function<double(const std::vector<double>&)>& statistic);

/// Two-sided p of no difference from replicates of a difference: twice the smaller of the shares on either side of 0,
/// the observed sample counted as one more replicate, at most 1.
double bootstrap_p(const std::vector<double>& difference_replicates);

/// Test items drawn within their classes, so that none vanishes: for sets with few test images a class. Items of one
/// class stand together in the result. `truth`: labels from 0.
std::vector<int> draw_within_classes(Random& random, const std::vector<int>& truth);

/// Splits with replacement, then seeds within each, both as often as there are: pairs (split, seed). For methods that
/// share splits and seeds the same pairs serve both.
std::vector<std::pair<int, int>> draw_splits_and_seeds(Random& random, const std::vector<int>& seeds_of_split);
/// Replicates of mean(first) - mean(second), scores [split][seed] paired by both. Throws std::invalid_argument for
/// different shapes.
std::vector<double> two_level_differences(const std::vector<std::vector<double>>& first,
                                          const std::vector<std::vector<double>>& second, long count,
                                          std::uint64_t seed, int threads);

}  // namespace scant
