// Wald's test, the normal mixture, and the e-process of wins.
#include "results/statistics/sequential.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace scant {
namespace {

bool is_share(double value) {
  return value > 0 && value < 1;
}

}  // namespace

Sprt sprt(const std::vector<double>& values, const SprtDesign& design) {
  if (design.theta0 == design.theta1 || !(design.variance > 0)) {
    throw std::invalid_argument("a probability ratio test needs two means and a positive variance");
  }
  if (!is_share(design.alpha) || !is_share(design.beta) || design.alpha + design.beta >= 1) {
    throw std::invalid_argument("alpha and beta must lie in (0,1) and add up to less than 1");
  }
  Sprt test;
  test.log_upper = std::log((1 - design.beta) / design.alpha);
  test.log_lower = std::log(design.beta / (1 - design.alpha));
  const double slope = (design.theta1 - design.theta0) / design.variance;
  const double middle = (design.theta0 + design.theta1) / 2;
  double ratio = 0;
  for (const double value : values) {
    ratio += slope * (value - middle);
    test.log_ratio.push_back(ratio);
    if (test.decision != SprtDecision::go_on) continue;
    ++test.values_used;
    if (ratio >= test.log_upper) test.decision = SprtDecision::reject_null;
    if (ratio <= test.log_lower) test.decision = SprtDecision::accept_null;
  }
  return test;
}

AlwaysValid always_valid(const std::vector<double>& values, double theta0, double variance, double mixing_variance,
                         double alpha) {
  if (!(variance > 0 && mixing_variance > 0) || !is_share(alpha)) {
    throw std::invalid_argument("an always-valid test needs positive variances and a level in (0,1)");
  }
  AlwaysValid test;
  double sum = 0, n = 0, p = 1;
  for (const double value : values) {
    sum += value;
    n += 1;
    const double centre = sum / n, shift = n * (centre - theta0), total = variance + n * mixing_variance;
    const double log_ratio = std::log(variance / total) / 2 + shift * shift * mixing_variance / (2 * variance * total);
    p = std::min(p, std::exp(-log_ratio));
    const double half_width =
        std::sqrt(variance * total / (n * n * mixing_variance) * std::log(total / (variance * alpha * alpha)));
    test.ratio.push_back(std::exp(log_ratio));
    test.p.push_back(p);
    test.interval.emplace_back(centre - half_width, centre + half_width);
  }
  return test;
}

std::vector<double> sign_e_process(const std::vector<int>& wins) {
  std::vector<double> process;
  double value = 1, won = 0, lost = 0;
  for (const int win : wins) {
    // The mixture bets on the next result with Laplace's rule: (w + 1)/(n + 2) on a win.
    double& count = win != 0 ? won : lost;
    value *= 2 * (count + 1) / (won + lost + 2);
    count += 1;
    process.push_back(value);
  }
  return process;
}

}  // namespace scant
