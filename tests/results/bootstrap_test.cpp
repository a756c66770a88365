// The bootstrap: draws against their distributions, counts against indices, intervals against known answers.
#include "results/statistics/bootstrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "harness/core/quantile.hpp"
#include "results/statistics.hpp"
#include "results/statistics/bootstrap_counts.hpp"
#include "results/statistics/draws.hpp"

namespace scant {
namespace {

/// P of Pearson's chi-square of draws against the binomial, cells of 10 expected draws or more.
double fit(long n, double p, std::uint64_t seed) {
  constexpr long draws = 100000;
  std::vector<double> seen(static_cast<std::size_t>(n) + 1);
  Random random(seed);
  for (long i = 0; i < draws; ++i) ++seen[static_cast<std::size_t>(draw_binomial(random, n, p))];
  double statistic = 0, expected = 0, observed = 0;
  int cells = 0;
  const boost::math::binomial binomial(static_cast<double>(n), p);
  for (long k = 0; k <= n; ++k) {
    expected += draws * pdf(binomial, static_cast<double>(k));
    observed += seen[static_cast<std::size_t>(k)];
    const double rest = draws * cdf(complement(binomial, static_cast<double>(k)));
    if (expected < 10 || (rest < 10 && k < n)) continue;
    statistic += (observed - expected) * (observed - expected) / expected;
    expected = observed = 0;
    ++cells;
  }
  return cdf(complement(boost::math::chi_squared(cells - 1), statistic));
}

TEST(Draws, BinomialFitsItsDistribution) {
  std::uint64_t seed = 0;
  for (const auto& [n, p] : {std::pair{5L, 0.3},
                             {40L, 0.1},
                             {25L, 0.5},
                             {200L, 0.06},
                             {1000L, 0.5},
                             {1000L, 0.93},
                             {10000L, 0.1},
                             {100000L, 0.0002}}) {
    EXPECT_GT(fit(n, p, ++seed), 1e-4) << n << " " << p;
  }
  Random random(1);
  EXPECT_EQ(draw_binomial(random, 0, 0.5), 0);
  EXPECT_EQ(draw_binomial(random, 7, 1), 7);
  EXPECT_THROW(draw_binomial(random, -1, 0.5), std::invalid_argument);
  EXPECT_THROW(draw_binomial(random, 1, 1.5), std::invalid_argument);
}

TEST(Draws, DirichletHasItsMoments) {
  const std::vector<double> concentrations{0.5, 1, 3};
  std::vector<double> first;
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    const std::vector<double> shares = draw_dirichlet(random, concentrations);
    EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1, 1e-12);
    first.push_back(shares[0]);
  }
  const double expected = 0.5 / 4.5, variance = expected * (1 - expected) / 5.5;
  EXPECT_NEAR(mean(first), expected, 5 * std::sqrt(variance / 20000));
  EXPECT_NEAR(sample_sd(first) / std::sqrt(variance), 1, 0.05);
  EXPECT_THROW(draw_dirichlet(random, {0}), std::invalid_argument);
}

TEST(Draws, WithinClassesKeepsEveryClassSize) {
  const std::vector<int> truth{2, 0, 0, 2, 2, 5};
  Random random(3);
  std::vector<int> drawn = draw_within_classes(random, truth);
  for (int& i : drawn) i = truth[static_cast<std::size_t>(i)];
  EXPECT_EQ(drawn, (std::vector<int>{0, 0, 2, 2, 2, 5}));
}

struct Predictions {
  std::vector<int> truth, first, second;
};

/// Class c has 12 (c + 1) items; the models are right on different, overlapping ones.
Predictions predictions(int classes) {
  Predictions all;
  Random random(11);
  for (int c = 0; c < classes; ++c) {
    for (int i = 0; i < 12 * (c + 1); ++i) {
      const double hard = random.uniform();
      const auto answer = [&](double skill) { return hard + 0.3 * random.uniform() < skill ? c : (c + 1) % classes; };
      all.truth.push_back(c);
      all.first.push_back(answer(0.85));
      all.second.push_back(answer(0.75));
    }
  }
  return all;
}

PairedBootstrap by_indices(const Predictions& all, long count, bool within_classes) {
  std::vector<std::vector<int>> resamples;
  for (long b = 0; b < count; ++b) {
    Random random(77, static_cast<std::uint64_t>(b));
    resamples.push_back(within_classes ? draw_within_classes(random, all.truth)
                                       : draw_indices(random, static_cast<int>(all.truth.size())));
  }
  return paired_bootstrap(all.truth, all.first, all.second, resamples, 0.05);
}

void expect_equal_distributions(const std::vector<double>& a, const std::vector<double>& b) {
  const double sd = sample_sd(a), n = static_cast<double>(a.size());
  EXPECT_NEAR(mean(a), mean(b), 4 * sd * std::sqrt(2 / n));
  EXPECT_NEAR(sample_sd(b) / sd, 1, 4 / std::sqrt(n));
  // The density at a normal's 2.5 % quantile is 0.058 / sd: its quantile has a standard error of 2.7 sd / sqrt n.
  for (const double q : {0.025, 0.975}) EXPECT_NEAR(quantile(a, q), quantile(b, q), 4 * 2.7 * sd * std::sqrt(2 / n));
}

TEST(BootstrapCounts, HaveTheDistributionOfResampledIndices) {
  const Predictions all = predictions(4);
  constexpr long count = 8000;
  for (const bool within : {false, true}) {
    const PairedBootstrap indices = by_indices(all, count, within);
    const PairedBootstrap counts =
        paired_bootstrap(all.truth, all.first, all.second, {.replicates = count, .seed = 5, .within_classes = within});
    expect_equal_distributions(indices.first, counts.first);
    expect_equal_distributions(indices.second, counts.second);
    expect_equal_distributions(indices.difference, counts.difference);
  }
}

TEST(BootstrapCounts, LeaveOutAClassThatAResampleMisses) {
  // Class 1 has one item and is missing from 1/e of the resamples nearly; then only class 0 counts.
  Predictions all{std::vector<int>(30, 0), std::vector<int>(30, 0), std::vector<int>(30, 0)};
  all.truth[0] = 1;
  all.first[0] = 0;
  all.second[0] = 1;
  const PairedBootstrap test = paired_bootstrap(all.truth, all.first, all.second, {.replicates = 20000, .seed = 2});
  const auto missing = std::count(test.difference.begin(), test.difference.end(), 0.0);
  const double share = std::pow(29.0 / 30, 30);
  EXPECT_NEAR(static_cast<double>(missing) / 20000, share, 5 * std::sqrt(share * (1 - share) / 20000));
  EXPECT_EQ(std::count(test.difference.begin(), test.difference.end(), -0.5) + missing, 20000);
}

TEST(BootstrapCounts, ThreadsChangeNoNumber) {
  const Predictions all = predictions(3);
  BootstrapPlan plan{.replicates = 1001, .seed = 9};
  const PairedBootstrap one = paired_bootstrap(all.truth, all.first, all.second, plan);
  plan.threads = 3;
  const PairedBootstrap three = paired_bootstrap(all.truth, all.first, all.second, plan);
  EXPECT_EQ(one.first, three.first);
  EXPECT_EQ(one.difference, three.difference);
  EXPECT_EQ(one.low, three.low);
  plan.seed = 10;
  EXPECT_NE(paired_bootstrap(all.truth, all.first, all.second, plan).difference, one.difference);
  plan.replicates = 0;
  EXPECT_THROW(paired_bootstrap(all.truth, all.first, all.second, plan), std::invalid_argument);
  EXPECT_THROW(paired_bootstrap({0}, {0, 1}, {0}, BootstrapPlan{}), std::invalid_argument);
}

TEST(Bootstrap, AnErrorInAThreadReachesTheCaller) {
  EXPECT_THROW(bootstrap_replicates(100, 0, 3, [](Random&) -> double { throw std::out_of_range("x"); }),
               std::out_of_range);
  EXPECT_THROW(bootstrap_replicates(0, 0, 1, [](Random&) { return 0.0; }), std::invalid_argument);
}

TEST(Bootstrap, IntervalsMirrorEachOther) {
  std::vector<double> replicates(101);
  std::iota(replicates.begin(), replicates.end(), 0.0);
  const ConfidenceInterval percentile = percentile_interval(replicates, 0.1),
                           basic = basic_interval(replicates, 40, 0.1);
  EXPECT_NEAR(percentile.low, 5, 1e-12);
  EXPECT_NEAR(basic.low, 80 - 95, 1e-12);
  EXPECT_NEAR(basic.high, 80 - 5, 1e-12);
  EXPECT_THROW(percentile_interval(replicates, 1), std::invalid_argument);
}

TEST(Bootstrap, BcaWithoutBiasOrSkewIsThePercentileInterval) {
  std::vector<double> replicates(101);
  std::iota(replicates.begin(), replicates.end(), -50.0);
  const BcaInterval bca = bca_interval(replicates, 0, {-1, 0, 1}, 0.1);
  EXPECT_NEAR(bca.bias, 0, 1e-12);
  EXPECT_NEAR(bca.acceleration, 0, 1e-12);
  EXPECT_NEAR(bca.interval.low, percentile_interval(replicates, 0.1).low, 1e-9);
  EXPECT_THROW(bca_interval(replicates, 99, {-1, 0, 1}, 0.1), std::invalid_argument);
  EXPECT_EQ(jackknife({1, 2, 6}, mean), (std::vector<double>{4, 3.5, 1.5}));
}

TEST(Bootstrap, PCountsTheObservedSampleIn) {
  EXPECT_DOUBLE_EQ(bootstrap_p({1, 2, 3}), 2 * 1 / 4.0);
  EXPECT_DOUBLE_EQ(bootstrap_p({1, -1}), 1);
  EXPECT_THROW(bootstrap_p({}), std::invalid_argument);
}

TEST(Bootstrap, TwoLevelsSpreadAsTheVarianceComponentsSay) {
  // Splits differ by far more than seeds: the spread is that of the mean of three resampled split means.
  const std::vector<std::vector<double>> first{{1.0, 1.01}, {2.0, 2.01}, {3.0, 3.01}}, zero(3, {0, 0});
  const std::vector<double> replicates = two_level_differences(first, zero, 8000, 4, 2);
  const double expected = std::sqrt(2.0 / 3 / 3);
  EXPECT_NEAR(sample_sd(replicates) / expected, 1, 4 / std::sqrt(2.0 * 8000));
  EXPECT_EQ(replicates, two_level_differences(first, zero, 8000, 4, 1));
  // Paired: a constant advantage has no spread.
  std::vector<std::vector<double>> second = first;
  for (auto& split : second) {
    for (double& score : split) score -= 0.5;
  }
  const std::vector<double> constant = two_level_differences(first, second, 50, 4, 1);
  EXPECT_NEAR(*std::max_element(constant.begin(), constant.end()), 0.5, 1e-12);
  EXPECT_NEAR(*std::min_element(constant.begin(), constant.end()), 0.5, 1e-12);
  EXPECT_THROW(two_level_differences(first, {{1, 2}}, 50, 4, 1), std::invalid_argument);
}

}  // namespace
}  // namespace scant
