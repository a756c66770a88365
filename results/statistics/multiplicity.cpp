// Adjusted p values.
#include "results/statistics/multiplicity.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace scant {
namespace {

/// Each takes the i-th smallest p, i from 1.
using Step = std::function<double(double p, double i)>;

std::vector<double> step_down(std::vector<double> sorted, const Step& step) {
  double running = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sorted[i] = running = std::max(running, step(sorted[i], static_cast<double>(i + 1)));
  }
  return sorted;
}

std::vector<double> step_up(std::vector<double> sorted, const Step& step) {
  double running = 1;
  for (std::size_t i = sorted.size(); i-- > 0;) {
    sorted[i] = running = std::min(running, step(sorted[i], static_cast<double>(i + 1)));
  }
  return sorted;
}

/// 1 - (1 - p)^n without losing small p.
double any_of(double p, double n) {
  return -std::expm1(n * std::log1p(-p));
}

/// Wright's form (Biometrics 48, 1992): for every size m of a set of true hypotheses, Simes's bound.
std::vector<double> hommel(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  std::vector<double> result = sorted;
  for (std::size_t m = 2; m <= n; ++m) {
    const auto size = static_cast<double>(m);
    double simes = 1;  // of the m - 1 largest; the smallest of a set is judged by itself
    for (std::size_t j = 2; j <= m; ++j) simes = std::min(simes, size * sorted[n - m + j - 1] / static_cast<double>(j));
    const auto judged = [&](std::size_t i) { return std::min(simes, size * sorted[i]); };
    for (std::size_t i = 0; i < n; ++i) result[i] = std::max(result[i], judged(std::min(i, n - m)));
  }
  return result;
}

std::vector<double> sorted_adjusted(const std::vector<double>& sorted, Adjustment adjustment) {
  const auto n = static_cast<double>(sorted.size());
  double harmonic = 0;
  for (std::size_t i = 1; i <= sorted.size(); ++i) harmonic += 1 / static_cast<double>(i);
  switch (adjustment) {
    case Adjustment::none:
      return sorted;
    case Adjustment::bonferroni:
      return step_down(sorted, [n](double p, double) { return p * n; });
    case Adjustment::sidak:
      return step_down(sorted, [n](double p, double) { return any_of(p, n); });
    case Adjustment::holm:
      return step_down(sorted, [n](double p, double i) { return p * (n - i + 1); });
    case Adjustment::holm_sidak:
      return step_down(sorted, [n](double p, double i) { return any_of(p, n - i + 1); });
    case Adjustment::hochberg:
      return step_up(sorted, [n](double p, double i) { return p * (n - i + 1); });
    case Adjustment::hommel:
      return hommel(sorted);
    case Adjustment::benjamini_hochberg:
      return step_up(sorted, [n](double p, double i) { return p * n / i; });
    case Adjustment::benjamini_yekutieli:
      return step_up(sorted, [n, harmonic](double p, double i) { return p * n * harmonic / i; });
  }
  throw std::invalid_argument("an unknown adjustment of p values");
}

}  // namespace

std::vector<double> adjusted(const std::vector<double>& p, Adjustment adjustment) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&p](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> sorted;
  for (const std::size_t i : order) {
    if (!(p[i] >= 0 && p[i] <= 1)) throw std::invalid_argument("a p value lies in [0,1]");
    sorted.push_back(p[i]);
  }
  sorted = sorted_adjusted(sorted, adjustment);
  std::vector<double> result(p.size());
  for (std::size_t i = 0; i < order.size(); ++i) result[order[i]] = std::min(1.0, sorted[i]);
  return result;
}

}  // namespace scant
