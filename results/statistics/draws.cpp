// Indices, binomial counts and Dirichlet shares.
#include "results/statistics/draws.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace scant {
namespace {

double log_factorial(long k) {
  static const auto small = [] {
    std::array<double, 128> table{};
    for (std::size_t i = 2; i < table.size(); ++i) table[i] = table[i - 1] + std::log(static_cast<double>(i));
    return table;
  }();
  if (k < static_cast<long>(small.size())) return small[static_cast<std::size_t>(k)];
  static const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);
  const auto x = static_cast<double>(k);
  const double square = 1 / (x * x);
  return (x + 0.5) * std::log(x) - x + half_log_two_pi + (1.0 / 12 - (1.0 / 360 - square / 1260) * square) / x;
}

/// Walks up from zero successes; for trials * p below some 10.
long binomial_by_counting(Random& random, long trials, double p) {
  const double odds = p / (1 - p), none = std::exp(static_cast<double>(trials) * std::log1p(-p));
  for (;;) {
    double left = random.uniform(), probability = none;
    for (long k = 0; k <= trials; ++k) {
      if (left < probability) return k;
      left -= probability;
      probability *= odds * static_cast<double>(trials - k) / static_cast<double>(k + 1);
    }  // rounding left a crumb: draw again
  }
}

/// Hormann's BTRS, for p <= 1/2 and trials * p >= 10; its names for the constants.
long binomial_by_rejection(Random& random, long trials, double p) {
  const auto n = static_cast<double>(trials);
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5;
  const double quick = 0.92 - 4.2 / b;
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform(), us = 0.5 - std::abs(u);
    const double real = std::floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= quick) return static_cast<long>(real);
    if (!(real >= 0 && real <= n)) continue;
    const auto k = static_cast<long>(real), mode = static_cast<long>((n + 1) * p);
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double log_ratio = log_factorial(mode) + log_factorial(trials - mode) - log_factorial(k) -
                             log_factorial(trials - k) + static_cast<double>(k - mode) * std::log(p / (1 - p));
    if (std::log(v * alpha / (a / (us * us) + b)) <= log_ratio) return k;
  }
}

double draw_gamma(Random& random, double shape) {
  if (!(shape > 0)) throw std::invalid_argument("a concentration is positive");
  if (shape < 1) return draw_gamma(random, shape + 1) * std::pow(1 - random.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal(), root = 1 + c * x, v = root * root * root;
    if (v > 0 && std::log(1 - random.uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

}  // namespace

std::vector<int> draw_indices(Random& random, int n) {
  std::vector<int> indices(static_cast<std::size_t>(n));
  for (int& index : indices) index = static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
  return indices;
}

long draw_binomial(Random& random, long trials, double p) {
  if (trials < 0 || !(p >= 0 && p <= 1)) throw std::invalid_argument("trials from 0 and a probability are needed");
  if (p > 0.5) return trials - draw_binomial(random, trials, 1 - p);
  if (trials == 0 || p == 0) return 0;
  constexpr double few = 10;
  return static_cast<double>(trials) * p < few ? binomial_by_counting(random, trials, p)
                                               : binomial_by_rejection(random, trials, p);
}

std::vector<double> draw_dirichlet(Random& random, const std::vector<double>& concentrations) {
  std::vector<double> shares;
  for (const double concentration : concentrations) shares.push_back(draw_gamma(random, concentration));
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace scant
