// Signed ranks and the p values of their sums.
#include "results/statistics/wilcoxon.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "results/statistics/ranks.hpp"

namespace scant {
namespace {

/// Probability that the sum of a fair subset of `sizes` is at most `limit`.
double fair_subset_cdf(const std::vector<long>& sizes, long limit) {
  if (limit < 0) return 0;
  std::vector<double> probability(static_cast<std::size_t>(limit) + 1);
  probability[0] = 1;
  long reach = 0;
  for (const long size : sizes) {
    reach = std::min(limit, reach + size);
    for (long s = reach; s >= 0; --s) {
      const double with = s >= size ? probability[static_cast<std::size_t>(s - size)] : 0;
      probability[static_cast<std::size_t>(s)] = (probability[static_cast<std::size_t>(s)] + with) / 2;
    }
  }
  return std::accumulate(probability.begin(), probability.end(), 0.0);
}

std::vector<double> absolute(const std::vector<double>& values) {
  std::vector<double> sizes;
  for (const double v : values) sizes.push_back(std::abs(v));
  return sizes;
}

std::vector<double> without_zeros(std::vector<double> values) {
  std::erase(values, 0.0);
  return values;
}

}  // namespace

SignedRanks signed_ranks(const std::vector<double>& differences, Zeros zeros) {
  const std::vector<double> ranked = zeros == Zeros::drop ? without_zeros(differences) : differences;
  const std::vector<double> ranks = mid_ranks(absolute(ranked));
  SignedRanks sums;
  sums.zeros = std::count(differences.begin(), differences.end(), 0.0);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (ranked[i] != 0) sums.ranks.push_back(ranks[i]);
    (ranked[i] > 0 ? sums.plus : ranked[i] < 0 ? sums.minus : sums.zero_ranks) += ranks[i];
  }
  if (zeros == Zeros::split) {
    sums.plus += sums.zero_ranks / 2;
    sums.minus += sums.zero_ranks / 2;
  }
  return sums;
}

double wilcoxon_p_exact(const std::vector<double>& differences, Zeros zeros) {
  const SignedRanks sums = signed_ranks(differences, zeros);
  std::vector<long> doubled;  // mid-ranks are multiples of one half
  for (const double rank : sums.ranks) doubled.push_back(std::lround(2 * rank));
  // The zeros' share is the same under every sign.
  const double fixed = zeros == Zeros::split ? sums.zero_ranks / 2 : 0;
  return std::min(1.0, 2 * fair_subset_cdf(doubled, std::lround(2 * (sums.statistic() - fixed))));
}

double wilcoxon_p_normal(const std::vector<double>& differences, Zeros zeros, bool continuity) {
  const SignedRanks sums = signed_ranks(differences, zeros);
  const auto none = static_cast<double>(sums.zeros);
  const double n = static_cast<double>(differences.size()) - (zeros == Zeros::drop ? none : 0);
  double centre = n * (n + 1) / 4, variance = n * (n + 1) * (2 * n + 1) / 24;
  if (zeros == Zeros::pratt) {
    centre -= none * (none + 1) / 4;
    variance -= none * (none + 1) * (2 * none + 1) / 24;
  }
  // Split zeros are a tie among themselves.
  variance -= tie_sum(zeros == Zeros::split ? absolute(differences) : sums.ranks) / 48;
  if (sums.ranks.empty() || !(variance > 0)) return 1;
  const double gap = std::abs(sums.statistic() - centre);
  // Without a gap there is nothing to correct; within half a step the correction passes the mean, as in the references.
  const double z = std::abs(gap - (continuity && gap > 0 ? 0.5 : 0)) / std::sqrt(variance);
  return 2 * cdf(complement(boost::math::normal(), z));
}

double wilcoxon_p_untied(const std::vector<double>& differences) {
  const SignedRanks sums = signed_ranks(differences, Zeros::drop);
  if (sums.zeros > 0) throw std::invalid_argument("the table of untied ranks knows no differences of zero");
  std::vector<long> ranks(differences.size());
  std::iota(ranks.begin(), ranks.end(), 1L);
  const long total = std::accumulate(ranks.begin(), ranks.end(), 0L), plus = static_cast<long>(sums.plus);
  return std::min(1.0, 2 * fair_subset_cdf(ranks, std::min(plus, total - plus)));
}

double wilcoxon_p_scipy(const std::vector<double>& differences, Zeros zeros) {
  constexpr std::size_t most_exact = 50;
  const bool zero = std::find(differences.begin(), differences.end(), 0.0) != differences.end();
  if (differences.size() <= most_exact && !zero) return wilcoxon_p_untied(differences);
  return wilcoxon_p_normal(differences, zeros, false);
}

}  // namespace scant
