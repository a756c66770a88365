// Range of k independent standard normal values: what the largest of k rank means differs by from the smallest.
#pragma once

namespace scant {

/// P(range > q), to a relative error of about 1e-12 also far in the tail (Tukey's studentized range with infinite
/// degrees of freedom). 1 for q <= 0. Throws std::invalid_argument for k < 2.
double normal_range_sf(double q, int k);

/// The q with P(range > q) = alpha. Throws std::invalid_argument unless 0 < alpha < 1 and k >= 2.
double normal_range_quantile(double alpha, int k);

}  // namespace scant
