// Linear interpolation between order statistics.
#include "harness/core/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace scant {

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return quantile_of_sorted(values, q);
}

double quantile_of_sorted(const std::vector<double>& values, double q) {
  if (values.empty()) throw std::invalid_argument("a quantile needs at least one value");
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const double low = values[below], high = values[std::min(below + 1, values.size() - 1)];
  const double share = position - std::floor(position);
  // From the nearer end, as numpy does: the last bit decides ties at a rung.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

}  // namespace scant
