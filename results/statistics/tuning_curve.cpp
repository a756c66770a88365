// Order statistics of drawn trials, and the anytime curve.
#include "results/statistics/tuning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace scant {
namespace {

void require_finite(const std::vector<double>& values) {
  if (values.empty()) throw std::invalid_argument("a tuning curve needs at least one trial");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    throw std::invalid_argument("a tuning curve needs finite values");
  }
}

void require_pairs(const std::vector<double>& validation, const std::vector<double>& test) {
  require_finite(validation);
  require_finite(test);
  if (validation.size() != test.size()) throw std::invalid_argument("every trial needs a validation and a test value");
}

/// Chance that the best of `n` drawn trials is the one of rank i + 1 among `trials`.
std::vector<double> rank_chances(std::size_t trials, std::size_t n, Draw draw) {
  const auto size = static_cast<double>(trials), drawn = static_cast<double>(n);
  std::vector<double> chance(trials);
  if (draw == Draw::with_replacement) {
    for (std::size_t i = 0; i < trials; ++i) {
      const auto rank = static_cast<double>(i + 1);
      chance[i] = std::pow(rank / size, drawn) - std::pow((rank - 1) / size, drawn);
    }
    return chance;
  }
  // C(i-1, n-1) / C(N, n) from the top rank down, so that no binomial overflows.
  chance[trials - 1] = drawn / size;
  for (std::size_t rank = trials; rank > n; --rank) {
    chance[rank - 2] = chance[rank - 1] * static_cast<double>(rank - n) / static_cast<double>(rank - 1);
  }
  return chance;
}

double expectation(const std::vector<double>& chance, const std::vector<double>& values) {
  return std::inner_product(chance.begin(), chance.end(), values.begin(), 0.0);
}

}  // namespace

ExpectedBest expected_best(const std::vector<double>& validation, Draw draw) {
  require_finite(validation);
  std::vector<double> rising = validation;
  std::sort(rising.begin(), rising.end());
  ExpectedBest best;
  for (std::size_t n = 1; n <= rising.size(); ++n) {
    const std::vector<double> chance = rank_chances(rising.size(), n, draw);
    const double centre = expectation(chance, rising);
    double variance = 0;
    for (std::size_t i = 0; i < rising.size(); ++i) variance += chance[i] * (rising[i] - centre) * (rising[i] - centre);
    best.mean.push_back(centre);
    best.sd.push_back(std::sqrt(variance));
  }
  return best;
}

std::vector<std::size_t> by_validation(const std::vector<double>& validation) {
  std::vector<std::size_t> order(validation.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return validation[a] < validation[b]; });
  return order;
}

std::vector<double> expected_test_of_selected(const std::vector<double>& validation, const std::vector<double>& test,
                                              Draw draw) {
  require_pairs(validation, test);
  std::vector<double> by_rank;
  for (const std::size_t trial : by_validation(validation)) by_rank.push_back(test[trial]);
  std::vector<double> expected;
  for (std::size_t n = 1; n <= by_rank.size(); ++n) {
    expected.push_back(expectation(rank_chances(by_rank.size(), n, draw), by_rank));
  }
  return expected;
}

double selection_gap(const std::vector<double>& validation, const std::vector<double>& test) {
  require_pairs(validation, test);
  return *std::max_element(test.begin(), test.end()) - test[by_validation(validation).back()];
}

std::vector<double> incumbent(const std::vector<double>& validation, const std::vector<double>& device_seconds,
                              const std::vector<std::size_t>& order, const std::vector<double>& grid) {
  if (validation.size() != device_seconds.size()) throw std::invalid_argument("every trial needs a duration");
  std::vector<double> best(grid.size(), std::numeric_limits<double>::quiet_NaN());
  double now = 0;
  for (const std::size_t trial : order) {
    if (trial >= validation.size()) throw std::invalid_argument("the order names a trial that there is not");
    if (!(device_seconds[trial] >= 0)) throw std::invalid_argument("a duration cannot be negative");
    now += device_seconds[trial];
    if (!std::isfinite(validation[trial])) continue;
    for (std::size_t g = 0; g < grid.size(); ++g) {
      if (now <= grid[g]) best[g] = std::fmax(best[g], validation[trial]);
    }
  }
  return best;
}

std::vector<double> budget_grid(double budget) {
  if (!(budget > 0)) throw std::invalid_argument("a budget must be positive");
  constexpr int points = 32;
  std::vector<double> grid{0};
  for (int i = 0; i < points; ++i) grid.push_back(budget * std::exp2(-10.0 * (points - 1 - i) / (points - 1)));
  return grid;
}

double random_search_coverage(int n, double q) {
  if (n < 0 || !(q >= 0 && q <= 1)) throw std::invalid_argument("coverage needs n >= 0 trials and a share in [0,1]");
  if (n == 0) return 0;
  return -std::expm1(n * std::log1p(-q));
}

}  // namespace scant
