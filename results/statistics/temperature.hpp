// Temperature scaling: one number that makes a classifier's probabilities mean what they say.
#pragma once
#include <vector>

namespace scant {

/// The temperature of the smallest negative log-likelihood; to be fitted on validation data (Guo et al. 2017). It lies
/// in [0.01, 100], at an end where the optimum lies beyond: flawless logits want 0, useless ones infinity.
struct Temperature {
  double temperature = 1, negative_log_likelihood = 0;
};
Temperature fit_temperature(const std::vector<std::vector<double>>& logits, const std::vector<int>& labels);

}  // namespace scant
