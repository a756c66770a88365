// Friedman's test, Nemenyi, Bonferroni-Dunn and rank groups.
#include "results/statistics/friedman.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "results/statistics/ranks.hpp"
#include "results/statistics/studentized_range.hpp"

namespace scant {

Friedman friedman(const std::vector<std::vector<double>>& scores) {
  if (scores.empty() || scores[0].size() < 2) {
    throw std::invalid_argument("Friedman's test needs data sets and at least two methods");
  }
  const std::size_t methods = scores[0].size();
  std::vector<double> rank_sums(methods);
  double ties = 0;
  for (const auto& row : scores) {
    if (row.size() != methods) throw std::invalid_argument("a data set lacks a method's score");
    std::vector<double> negated;  // the greatest score gets rank 1
    for (const double score : row) negated.push_back(-score);
    const std::vector<double> ranks = mid_ranks(negated);
    for (std::size_t j = 0; j < methods; ++j) rank_sums[j] += ranks[j];
    ties += tie_sum(row);
  }
  const auto n = static_cast<double>(scores.size()), k = static_cast<double>(methods);
  Friedman test;
  test.datasets = static_cast<int>(scores.size());
  test.methods = static_cast<int>(methods);
  for (const double sum : rank_sums) test.average_ranks.push_back(sum / n);
  // Rank sums are multiples of one half: this is exact, and perfect agreement gives exactly N (k - 1).
  const double squares = std::inner_product(rank_sums.begin(), rank_sums.end(), rank_sums.begin(), 0.0);
  const double spread = squares - n * n * k * (k + 1) * (k + 1) / 4;
  test.chi2_uncorrected = 12 * spread / (n * k * (k + 1));
  const double all_ties = n * k * (k * k - 1);
  if (ties < all_ties) test.chi2 = 12 * spread * (k - 1) / (all_ties - ties);
  const boost::math::chi_squared distribution(k - 1);
  test.p = cdf(complement(distribution, test.chi2));
  test.p_uncorrected = cdf(complement(distribution, test.chi2_uncorrected));
  return test;
}

ImanDavenport iman_davenport(double chi2, int datasets, int methods) {
  if (datasets < 2 || methods < 2) throw std::invalid_argument("the F form needs two data sets and two methods");
  const double n = datasets, df1 = methods - 1, df2 = df1 * (n - 1), rest = n * df1 - chi2;
  if (!(rest > 0)) return {std::numeric_limits<double>::infinity(), df1, df2, 0};
  const double f = (n - 1) * chi2 / rest;
  return {f, df1, df2, cdf(complement(boost::math::fisher_f(df1, df2), f))};
}

double rank_difference_error(int datasets, int methods) {
  if (datasets < 1 || methods < 2) throw std::invalid_argument("ranks differ between two methods on some data set");
  const double k = methods;
  return std::sqrt(k * (k + 1) / (6.0 * datasets));
}

double nemenyi_quantile(double alpha, int methods) {
  return normal_range_quantile(alpha, methods) / std::numbers::sqrt2;
}

double nemenyi_critical_difference(double alpha, int datasets, int methods) {
  return nemenyi_quantile(alpha, methods) * rank_difference_error(datasets, methods);
}

double nemenyi_p(double difference, int datasets, int methods) {
  const double standardised = std::abs(difference) / rank_difference_error(datasets, methods);
  return normal_range_sf(standardised * std::numbers::sqrt2, methods);
}

double bonferroni_dunn_quantile(double alpha, int methods) {
  if (methods < 2 || !(alpha > 0 && alpha < 1)) {
    throw std::invalid_argument("a comparison with a control needs another method and an alpha between 0 and 1");
  }
  return quantile(complement(boost::math::normal(), alpha / (2.0 * (methods - 1))));
}

double bonferroni_dunn_critical_difference(double alpha, int datasets, int methods) {
  return bonferroni_dunn_quantile(alpha, methods) * rank_difference_error(datasets, methods);
}

std::vector<std::vector<int>> rank_groups(const std::vector<double>& average_ranks, double critical_difference) {
  const auto rank = [&](int method) { return average_ranks[static_cast<std::size_t>(method)]; };
  std::vector<int> order(average_ranks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank(a) < rank(b); });
  std::vector<std::vector<int>> groups;
  auto covered = order.begin();  // no run that ends here or before is maximal
  for (auto first = order.begin(); first != order.end(); ++first) {
    auto end = std::next(first);
    while (end != order.end() && rank(*end) - rank(*first) < critical_difference) ++end;
    if (end == covered) continue;
    groups.emplace_back(first, end);
    covered = end;
  }
  return groups;
}

}  // namespace scant
