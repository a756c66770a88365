// Power of t tests, and its inverses in sample size and effect.
#include "results/statistics/power.hpp"

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

#include "results/statistics/root.hpp"

namespace scant {
namespace {

using Power = double (*)(double effect, double n, double alpha);

constexpr double kFewestRuns = 2;

double rejection_chance(double noncentrality, double degrees, double alpha) {
  if (!std::isfinite(noncentrality)) throw std::invalid_argument("an effect must be finite");
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("a level must lie between 0 and 1");
  const double critical = quantile(complement(boost::math::students_t(degrees), alpha / 2));
  // The size alone matters in a two-sided test.
  const boost::math::non_central_t distribution(degrees, std::abs(noncentrality));
  return cdf(complement(distribution, critical)) + cdf(distribution, -critical);
}

void require_runs(double n) {
  if (!(n > 1)) throw std::invalid_argument("a t test needs more than one run");
}

void require_power(double power, double alpha) {
  if (!(power > alpha && power < 1)) throw std::invalid_argument("power must lie between the level and 1");
}

double size_of(Power power_of, double effect, double power, double alpha) {
  require_power(power, alpha);
  if (effect == 0) throw std::invalid_argument("no number of runs shows an effect of zero");
  if (power_of(effect, kFewestRuns, alpha) >= power) return kFewestRuns;
  double enough = 2 * kFewestRuns;
  while (power_of(effect, enough, alpha) < power) enough *= 2;
  return root_between([&](double n) { return power_of(effect, n, alpha) - power; }, enough / 2, enough);
}

double detectable(Power power_of, double n, double power, double alpha) {
  require_power(power, alpha);
  double enough = 1;
  while (power_of(enough, n, alpha) < power) enough *= 2;
  return root_between([&](double effect) { return power_of(effect, n, alpha) - power; }, 0.0, enough);
}

}  // namespace

double two_sample_power(double effect, double n_per_group, double alpha) {
  require_runs(n_per_group);
  return rejection_chance(effect * std::sqrt(n_per_group / 2), 2 * n_per_group - 2, alpha);
}

double paired_power(double effect, double pairs, double alpha) {
  require_runs(pairs);
  return rejection_chance(effect * std::sqrt(pairs), pairs - 1, alpha);
}

double two_sample_size(double effect, double power, double alpha) {
  return size_of(two_sample_power, effect, power, alpha);
}

double paired_size(double effect, double power, double alpha) {
  return size_of(paired_power, effect, power, alpha);
}

double two_sample_detectable(double n_per_group, double power, double alpha) {
  return detectable(two_sample_power, n_per_group, power, alpha);
}

double paired_detectable(double pairs, double power, double alpha) {
  return detectable(paired_power, pairs, power, alpha);
}

double improvement_size(double gamma, double power, double alpha) {
  if (!(gamma >= 0 && gamma <= 1) || gamma == 0.5) {
    throw std::invalid_argument("a chance of improvement must lie in [0,1] and differ from 1/2");
  }
  if (!(power > 0 && power < 1 && alpha > 0 && alpha < 1)) {
    throw std::invalid_argument("power and level must lie between 0 and 1");
  }
  const boost::math::normal normal;
  const double z = quantile(complement(normal, alpha)) + quantile(normal, power);
  return z * z / (6 * (gamma - 0.5) * (gamma - 0.5));
}

}  // namespace scant
