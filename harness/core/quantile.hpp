// The one quantile rule of the suite.
#pragma once
#include <vector>

namespace scant {

/// Quantile q in [0,1] of `values`, linearly interpolated between order statistics (numpy's default, to its last bit).
/// Throws std::invalid_argument if there are no values.
double quantile(std::vector<double> values, double q);
/// The same of values in ascending order.
double quantile_of_sorted(const std::vector<double>& values, double q);

}  // namespace scant
