// Differences, sign test, McNemar's test and sign flips.
#include "results/statistics/paired.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "harness/core/random.hpp"

namespace scant {
namespace {

constexpr std::size_t kAllSigns = 20;

double chi2_p(double statistic) {
  return cdf(complement(boost::math::chi_squared(1), statistic));
}

/// How many of the 2^(n - at) ways to sign the rest bring |sum| to `bound` or beyond.
long far_sums(const std::vector<double>& sizes, std::size_t at, double sum, double bound) {
  if (at == sizes.size()) return std::abs(sum) >= bound ? 1 : 0;
  return far_sums(sizes, at + 1, sum + sizes[at], bound) + far_sums(sizes, at + 1, sum - sizes[at], bound);
}

}  // namespace

std::vector<double> paired_differences(const std::vector<double>& a, const std::vector<double>& b, double resolution) {
  if (a.size() != b.size()) throw std::invalid_argument("pairs need as many scores of the one method as of the other");
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double raw = a[i] - b[i];
    differences.push_back(resolution > 0 ? std::round(raw / resolution) * resolution : raw);
  }
  return differences;
}

double even_odds_p(long wins, long losses) {
  if (wins < 0 || losses < 0) throw std::invalid_argument("counts are not negative");
  if (wins == losses) return 1;
  const boost::math::binomial even(static_cast<double>(wins + losses), 0.5);
  return std::min(1.0, 2 * cdf(even, static_cast<double>(std::min(wins, losses))));
}

SignTest sign_test(const std::vector<double>& differences) {
  SignTest test;
  for (const double d : differences) {
    test.positive += d > 0;
    test.negative += d < 0;
  }
  test.p_two_sided = even_odds_p(test.positive, test.negative);
  return test;
}

McNemar mcnemar(long first_only, long second_only) {
  McNemar test{.first_only = first_only, .second_only = second_only, .p_exact = even_odds_p(first_only, second_only)};
  if (first_only + second_only == 0) return test;
  const auto sum = static_cast<double>(first_only + second_only);
  const double gap = std::abs(static_cast<double>(first_only - second_only));
  test.chi2 = gap * gap / sum;
  test.p_chi2 = chi2_p(test.chi2);
  test.chi2_corrected = (gap - 1) * (gap - 1) / sum;
  test.p_chi2_corrected = chi2_p(test.chi2_corrected);
  return test;
}

McNemar mcnemar(const std::vector<int>& truth, const std::vector<int>& first, const std::vector<int>& second) {
  if (first.size() != truth.size() || second.size() != truth.size()) {
    throw std::invalid_argument("McNemar's test needs both models' predictions for every label");
  }
  long first_only = 0, second_only = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool first_right = first[i] == truth[i], second_right = second[i] == truth[i];
    first_only += first_right && !second_right;
    second_only += second_right && !first_right;
  }
  return mcnemar(first_only, second_only);
}

double sign_flip_p(const std::vector<double>& differences, std::uint64_t seed, long draws) {
  if (differences.empty() || draws < 1) throw std::invalid_argument("sign flips need differences and draws");
  double total = 0;
  for (const double d : differences) total += std::abs(d);
  // Sums that are equal but for rounding count as equal.
  const double bound = std::abs(std::accumulate(differences.begin(), differences.end(), 0.0)) - 1e-12 * total;
  if (differences.size() <= kAllSigns) {
    // The first sign is fixed: turning all signs changes no |sum|.
    const auto ways = static_cast<double>(1L << (differences.size() - 1));
    return static_cast<double>(far_sums(differences, 1, differences[0], bound)) / ways;
  }
  long far = 1;
  for (long draw = 0; draw < draws; ++draw) {
    Random random(seed, static_cast<std::uint64_t>(draw));
    double sum = 0;
    for (const double d : differences) sum += (random.bits() >> 31) != 0 ? d : -d;
    far += std::abs(sum) >= bound;
  }
  return static_cast<double>(far) / static_cast<double>(draws + 1);
}

}  // namespace scant
