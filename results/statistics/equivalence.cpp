// Two one-sided tests, Welch and paired, and the verdict of a regression guard.
#include "results/statistics/equivalence.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "results/statistics.hpp"

namespace scant {
namespace {

void require_margins(double low, double high) {
  if (!(low < high)) throw std::invalid_argument("the lower margin must lie below the upper one");
}

std::vector<double> shifted(std::vector<double> values, double by) {
  for (double& value : values) value += by;
  return values;
}

/// Distance in standard errors; without spread, the sign alone.
double t_of(double distance, double standard_error) {
  if (standard_error > 0) return distance / standard_error;
  return distance == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), distance);
}

}  // namespace

Equivalence equivalence(const std::vector<double>& a, const std::vector<double>& b, double low, double high) {
  require_margins(low, high);
  const Welch above = welch(a, shifted(b, low)), below = welch(shifted(b, high), a);
  Equivalence test{above.t, above.p_greater, -below.t, below.p_greater, above.degrees, 1};
  test.p = std::max(test.p_lower, test.p_upper);
  return test;
}

Equivalence paired_equivalence(const std::vector<double>& a, const std::vector<double>& b, double low, double high) {
  require_margins(low, high);
  if (a.size() != b.size()) throw std::invalid_argument("a paired test needs lists of equal length");
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const auto n = static_cast<double>(a.size());
  TTest estimate;
  estimate.difference = mean(differences);
  estimate.standard_error = sample_sd(differences) / std::sqrt(n);
  estimate.degrees = n - 1;
  return equivalence_of(estimate, low, high);
}

Equivalence equivalence_of(const TTest& estimate, double low, double high) {
  require_margins(low, high);
  Equivalence test;
  test.degrees = estimate.degrees;
  test.t_lower = t_of(estimate.difference - low, estimate.standard_error);
  test.t_upper = t_of(estimate.difference - high, estimate.standard_error);
  const boost::math::students_t distribution(test.degrees);
  test.p_lower = cdf(complement(distribution, test.t_lower));
  test.p_upper = cdf(distribution, test.t_upper);
  test.p = std::max(test.p_lower, test.p_upper);
  return test;
}

EquivalenceVerdict verdict(const Equivalence& test, double alpha) {
  if (test.p < alpha) return EquivalenceVerdict::equivalent;
  if (1 - test.p_lower < alpha || 1 - test.p_upper < alpha) return EquivalenceVerdict::different;
  return EquivalenceVerdict::undecided;
}

double default_margin(double seed_variance) {
  if (!(seed_variance >= 0)) throw std::invalid_argument("a variance cannot be negative");
  constexpr double half_a_point = 0.005;
  return std::min(half_a_point, std::sqrt(seed_variance) / 2);
}

}  // namespace scant
