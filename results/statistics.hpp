// Statistics over runs and over test predictions.
#pragma once
#include <vector>

namespace scant {

/// Throw std::invalid_argument on an empty list; sample_sd needs two values.
double mean(const std::vector<double>& values);
/// Standard deviation with n in the denominator: what the published tables print.
double population_sd(const std::vector<double>& values);
/// Standard deviation with n - 1 in the denominator.
double sample_sd(const std::vector<double>& values);

/// Each row of a confusion matrix divided by its sum; a row without members is NaN.
std::vector<std::vector<double>> row_normalised(const std::vector<std::vector<long>>& confusion);

/// Welch's t test of unequal variances on two independent samples (B. L. Welch, Biometrika 34, 1947).
struct Welch {
  double t = 0, degrees = 0;
  double p_two_sided = 1;  // of the means being equal
  double p_greater = 1;    // of the first not being greater
};
/// Needs two values in each list and a spread in at least one; throws std::invalid_argument otherwise.
Welch welch(const std::vector<double>& a, const std::vector<double>& b);

/// Percentile interval of the difference in balanced accuracy of two models on the same test samples.
struct PairedBootstrap {
  std::vector<double> first, second, difference;  // per resample, in [0,1]; difference = first - second
  double low = 0, high = 0;                       // quantiles alpha/2 and 1 - alpha/2, linearly interpolated
  bool significant = false;                       // 0 lies outside [low, high]
};
/// `resamples`: lists of sample indices, drawn with replacement by the caller. A class that a resample misses is left
/// out of that resample's mean. Throws std::invalid_argument without resamples.
PairedBootstrap paired_bootstrap(const std::vector<int>& truth, const std::vector<int>& first,
                                 const std::vector<int>& second, const std::vector<std::vector<int>>& resamples,
                                 double alpha);

}  // namespace scant
