// Means, spreads, Welch's test and the paired bootstrap.
#include "results/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "harness/core/metrics.hpp"
#include "harness/core/quantile.hpp"

namespace scant {
namespace {

double squares_about_mean(const std::vector<double>& values) {
  const double centre = mean(values);
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [centre](double sum, double v) { return sum + (v - centre) * (v - centre); });
}

}  // namespace

double mean(const std::vector<double>& values) {
  if (values.empty()) throw std::invalid_argument("a mean needs at least one value");
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double population_sd(const std::vector<double>& values) {
  return std::sqrt(squares_about_mean(values) / static_cast<double>(values.size()));
}

double sample_sd(const std::vector<double>& values) {
  if (values.size() < 2) throw std::invalid_argument("a sample standard deviation needs at least two values");
  return std::sqrt(squares_about_mean(values) / static_cast<double>(values.size() - 1));
}

std::vector<std::vector<double>> row_normalised(const std::vector<std::vector<long>>& confusion) {
  std::vector<std::vector<double>> shares;
  for (const auto& row : confusion) {
    const auto members = static_cast<double>(std::accumulate(row.begin(), row.end(), 0L));
    auto& share = shares.emplace_back();
    for (const long count : row) {
      share.push_back(members > 0 ? static_cast<double>(count) / members : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return shares;
}

Welch welch(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  const double error_a = sample_sd(a) * sample_sd(a) / n_a, error_b = sample_sd(b) * sample_sd(b) / n_b;
  const double error = error_a + error_b;
  if (!(error > 0)) throw std::invalid_argument("Welch's test needs a spread in at least one of the samples");
  Welch test;
  test.t = (mean(a) - mean(b)) / std::sqrt(error);
  test.degrees = error * error / (error_a * error_a / (n_a - 1) + error_b * error_b / (n_b - 1));
  const boost::math::students_t distribution(test.degrees);
  test.p_two_sided = 2 * cdf(complement(distribution, std::abs(test.t)));
  test.p_greater = cdf(complement(distribution, test.t));
  return test;
}

PairedBootstrap paired_bootstrap(const std::vector<int>& truth, const std::vector<int>& first,
                                 const std::vector<int>& second, const std::vector<std::vector<int>>& resamples,
                                 double alpha) {
  if (truth.empty() || first.size() != truth.size() || second.size() != truth.size()) {
    throw std::invalid_argument("a paired bootstrap needs both models' predictions for every label");
  }
  int classes = 0;
  for (const auto* labels : {&truth, &first, &second}) {
    classes = std::max(classes, *std::max_element(labels->begin(), labels->end()) + 1);
  }
  PairedBootstrap result;
  for (const auto& resample : resamples) {
    const auto pick = [&resample](const std::vector<int>& from) {
      std::vector<int> picked;
      for (const int i : resample) picked.push_back(from.at(static_cast<std::size_t>(i)));
      return picked;
    };
    const std::vector<int> labels = pick(truth);
    result.first.push_back(balanced_accuracy(labels, pick(first), classes));
    result.second.push_back(balanced_accuracy(labels, pick(second), classes));
    result.difference.push_back(result.first.back() - result.second.back());
  }
  result.low = quantile(result.difference, alpha / 2);
  result.high = quantile(result.difference, 1 - alpha / 2);
  result.significant = result.low > 0 || result.high < 0;
  return result;
}

}  // namespace scant
