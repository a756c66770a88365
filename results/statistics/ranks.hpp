// Ranks with ties, on which every rank test of the suite rests.
#pragma once
#include <vector>

namespace scant {

/// Rank of each value from 1 (the smallest); equal values share the mean of their ranks.
/// Throws std::invalid_argument for a value that is not a number.
std::vector<double> mid_ranks(const std::vector<double>& values);

/// Sum of t^3 - t over the groups of t equal values: what ties take off the variance of a rank sum.
double tie_sum(std::vector<double> values);

}  // namespace scant
