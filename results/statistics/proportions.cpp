// Five intervals of a proportion.
#include "results/statistics/proportions.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <stdexcept>

namespace scant {
namespace {

ConfidenceInterval around(double share, double n, double z) {
  const double reach = z * std::sqrt(share * (1 - share) / n);
  return {std::max(0.0, share - reach), std::min(1.0, share + reach)};
}

ConfidenceInterval wilson(double k, double n, double z) {
  const double centre = (k + z * z / 2) / (n + z * z);
  const double reach = z / (n + z * z) * std::sqrt(k * (n - k) / n + z * z / 4);
  return {centre - reach, centre + reach};
}

/// Quantile of Beta(a, b), also where a parameter of 0 puts all mass at one end.
double beta_quantile(double a, double b, double q) {
  return a <= 0 ? 0 : b <= 0 ? 1 : quantile(boost::math::beta_distribution<>(a, b), q);
}

}  // namespace

ConfidenceInterval proportion_interval(long k, long n, double alpha, ProportionRule rule) {
  if (n <= 0 || k < 0 || k > n || !(alpha > 0 && alpha < 1)) {
    throw std::invalid_argument("a proportion is k of n with 0 <= k <= n, and alpha lies between 0 and 1");
  }
  const auto right = static_cast<double>(k), all = static_cast<double>(n);
  const double z = quantile(complement(boost::math::normal(), alpha / 2));
  switch (rule) {
    case ProportionRule::wilson:
      return wilson(right, all, z);
    case ProportionRule::clopper_pearson:
      return {beta_quantile(right, all - right + 1, alpha / 2), beta_quantile(right + 1, all - right, 1 - alpha / 2)};
    case ProportionRule::jeffreys:
      return {beta_quantile(right + 0.5, all - right + 0.5, alpha / 2),
              beta_quantile(right + 0.5, all - right + 0.5, 1 - alpha / 2)};
    case ProportionRule::agresti_coull:
      return around((right + z * z / 2) / (all + z * z), all + z * z, z);
    case ProportionRule::wald:
      return around(right / all, all, z);
  }
  throw std::invalid_argument("an unknown rule for the interval of a proportion");
}

}  // namespace scant
