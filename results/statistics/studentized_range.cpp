// The distribution of a range by numerical integration over its largest value.
#include "results/statistics/studentized_range.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>

namespace scant {
namespace {

double upper_tail(double z) {
  return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

/// a^m - b^m without cancellation, where a - b = gap.
double power_gap(double a, double b, double gap, int m) {
  double sum = 0;
  for (int i = 0; i < m; ++i) sum += std::pow(a, i) * std::pow(b, m - 1 - i);
  return gap * sum;
}

}  // namespace

double normal_range_sf(double q, int k) {
  if (k < 2) throw std::invalid_argument("a range needs at least two values");
  if (!(q > 0)) return 1;
  // k phi(z) [Phi(z)^(k-1) - (Phi(z) - Phi(z-q))^(k-1)] over the largest value z. The trapezoidal rule converges
  // faster than any power of the step for such integrands; the mass lies around z = q/2, or wider where q is small.
  constexpr double step = 1.0 / 32, reach = 10;
  const double centre = q / 2;
  double sum = 0;
  for (double z = centre - reach; z <= centre + reach; z += step) {
    const double below = upper_tail(-z), outside = upper_tail(q - z);
    const double inside = z > centre ? upper_tail(z - q) - upper_tail(z) : below - outside;
    sum += std::exp(-z * z / 2) * power_gap(below, inside, outside, k - 1);
  }
  return std::min(1.0, k * sum * step / std::sqrt(2 * std::numbers::pi));
}

double normal_range_quantile(double alpha, int k) {
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("alpha lies between 0 and 1");
  double high = 1;
  while (normal_range_sf(high, k) > alpha) high *= 2;
  std::uintmax_t steps = 200;
  const auto [low, up] = boost::math::tools::toms748_solve([&](double q) { return normal_range_sf(q, k) - alpha; }, 0.0,
                                                           high, boost::math::tools::eps_tolerance<double>(48), steps);
  return (low + up) / 2;
}

}  // namespace scant
