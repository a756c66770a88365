// A root of a function of one variable between two points where it has different signs.
#pragma once
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

namespace scant {

/// To 50 bits. A sign that does not change within [low, high] gives the end nearer to zero (rounding at a bracket that
/// is exact in theory), so the caller sees to the bracket.
template <class Function>
double root_between(const Function& function, double low, double high) {
  const double at_low = function(low), at_high = function(high);
  if ((at_low < 0) == (at_high < 0)) return std::abs(at_low) < std::abs(at_high) ? low : high;
  std::uintmax_t evaluations = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      function, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(50), evaluations);
  return (left + right) / 2;
}

}  // namespace scant
