// Mann-Whitney, effect sizes, Brown-Forsythe.
#include "results/statistics/two_sample.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "harness/core/quantile.hpp"
#include "results/statistics.hpp"
#include "results/statistics/ranks.hpp"
#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

std::vector<double> joined(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

/// P(U = u), u = 0 .. m n, of samples without ties. The largest value belongs to the first sample with probability
/// m / (m + n) and then exceeds all n of the second (Mann and Whitney's recursion).
std::vector<double> untied_u(std::size_t m, std::size_t n) {
  std::vector<std::vector<double>> row(m + 1, {1.0});  // row[i]: i and j values
  for (std::size_t j = 1; j <= n; ++j) {
    for (std::size_t i = 1; i <= m; ++i) {
      const auto all = static_cast<double>(i + j);
      const double first = static_cast<double>(i) / all, second = static_cast<double>(j) / all;
      std::vector<double> next(i * j + 1);
      for (std::size_t u = 0; u < row[i].size(); ++u) next[u] += second * row[i][u];
      for (std::size_t u = 0; u < row[i - 1].size(); ++u) next[u + j] += first * row[i - 1][u];
      row[i] = std::move(next);
    }
  }
  return row[m];
}

double pairs(const std::vector<double>& a, const std::vector<double>& b) {
  return static_cast<double>(a.size()) * static_cast<double>(b.size());
}

}  // namespace

double mann_whitney_u(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.empty() || b.empty()) throw std::invalid_argument("a rank test needs values in both samples");
  const std::vector<double> ranks = mid_ranks(joined(a, b));
  const auto n = static_cast<double>(a.size());
  return std::accumulate(ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(a.size()), 0.0) - n * (n + 1) / 2;
}

double mann_whitney_p_normal(const std::vector<double>& a, const std::vector<double>& b) {
  const double u = mann_whitney_u(a, b), centre = pairs(a, b) / 2;
  const auto n = static_cast<double>(a.size() + b.size());
  const double variance = pairs(a, b) / 12 * (n + 1 - tie_sum(joined(a, b)) / (n * (n - 1)));
  if (!(variance > 0)) return 1;
  const double z = (std::abs(u - centre) - 0.5) / std::sqrt(variance);
  return std::min(1.0, 2 * cdf(complement(boost::math::normal(), z)));
}

double mann_whitney_p_exact(const std::vector<double>& a, const std::vector<double>& b) {
  const double u = mann_whitney_u(a, b), far = std::floor(std::max(u, pairs(a, b) - u));
  const std::vector<double> probabilities = untied_u(a.size(), b.size());
  // The distribution is symmetric: the far tail equals the near one.
  const auto tail = static_cast<std::ptrdiff_t>(pairs(a, b) - far);
  return std::min(1.0, 2 * std::accumulate(probabilities.begin(), probabilities.begin() + tail + 1, 0.0));
}

double vargha_delaney(const std::vector<double>& a, const std::vector<double>& b) {
  return mann_whitney_u(a, b) / pairs(a, b);
}

double cohen_d(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  return student_t(a, b).t * std::sqrt(1 / n_a + 1 / n_b);
}

double hedges_g(const std::vector<double>& a, const std::vector<double>& b) {
  return cohen_d(a, b) * (1 - 3 / (4 * static_cast<double>(a.size() + b.size()) - 9));
}

SpreadTest brown_forsythe(const std::vector<std::vector<double>>& groups) {
  if (groups.size() < 2) throw std::invalid_argument("spreads of at least two groups can be compared");
  std::vector<double> all;
  std::vector<std::vector<double>> distances;
  for (const auto& group : groups) {
    const double centre = quantile(group, 0.5);
    auto& distance = distances.emplace_back();
    for (const double value : group) distance.push_back(std::abs(value - centre));
    all.insert(all.end(), distance.begin(), distance.end());
  }
  const double grand = mean(all);
  double between = 0, within = 0;
  for (const auto& distance : distances) {
    const double centre = mean(distance);
    between += static_cast<double>(distance.size()) * (centre - grand) * (centre - grand);
    for (const double d : distance) within += (d - centre) * (d - centre);
  }
  const auto df1 = static_cast<double>(groups.size() - 1), df2 = static_cast<double>(all.size() - groups.size());
  if (!(within > 0)) throw std::invalid_argument("the distances from the medians do not vary within any group");
  const double f = between / df1 / (within / df2);
  return {f, cdf(complement(boost::math::fisher_f(df1, df2), f))};
}

}  // namespace scant
