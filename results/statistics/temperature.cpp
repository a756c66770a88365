// The temperature of the smallest negative log-likelihood, by its derivative's root.
#include "results/statistics/temperature.hpp"

#include <numeric>

#include "harness/core/calibration.hpp"
#include "results/statistics/root.hpp"

namespace scant {
namespace {

using Rows = std::vector<std::vector<double>>;

constexpr double kColdest = 0.01, kHottest = 100;

/// Derivative of the mean negative log-likelihood in 1/temperature: expected minus actual logit. It rises, since the
/// likelihood is concave there.
double slope(const Rows& logits, const std::vector<int>& labels, double inverse_temperature) {
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const std::vector<double> p = softmax({logits[i]}, 1 / inverse_temperature).front();
    sum +=
        std::inner_product(p.begin(), p.end(), logits[i].begin(), 0.0) - logits[i][static_cast<std::size_t>(labels[i])];
  }
  return sum / static_cast<double>(logits.size());
}

}  // namespace

Temperature fit_temperature(const Rows& logits, const std::vector<int>& labels) {
  const auto at = [&](double inverse_temperature) { return slope(logits, labels, inverse_temperature); };
  Temperature fit;
  if (at(1 / kHottest) >= 0) {
    fit.temperature = kHottest;
  } else if (at(1 / kColdest) <= 0) {
    fit.temperature = kColdest;
  } else {
    fit.temperature = 1 / root_between(at, 1 / kHottest, 1 / kColdest);
  }
  fit.negative_log_likelihood = negative_log_likelihood(logits, labels, fit.temperature);
  return fit;
}

}  // namespace scant
