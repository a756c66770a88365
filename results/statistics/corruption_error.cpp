// Means and ratios of errors on corrupted images.
#include "results/statistics/corruption_error.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "results/statistics.hpp"

namespace scant {

double alexnet_error(std::string_view corruption) {
  const auto found = std::find_if(kAlexNetErrors.begin(), kAlexNetErrors.end(),
                                  [corruption](const auto& entry) { return entry.corruption == corruption; });
  if (found == kAlexNetErrors.end()) {
    throw std::invalid_argument("no published AlexNet error for corruption " + std::string(corruption));
  }
  return found->mean_error;
}

std::vector<double> error_by_corruption(const std::vector<std::vector<double>>& errors) {
  if (errors.empty()) throw std::invalid_argument("there are no errors on corrupted images");
  std::vector<double> means;
  for (const auto& severities : errors) {
    if (severities.size() != errors.front().size()) {
      throw std::invalid_argument("every corruption needs the same number of severities");
    }
    means.push_back(mean(severities));
  }
  return means;
}

std::vector<double> error_by_severity(const std::vector<std::vector<double>>& errors) {
  if (errors.empty()) throw std::invalid_argument("there are no errors on corrupted images");
  std::vector<std::vector<double>> transposed(errors.front().size());
  for (const auto& severities : errors) {
    for (std::size_t s = 0; s < transposed.size(); ++s) {
      if (severities.size() != transposed.size()) {
        throw std::invalid_argument("every corruption needs the same number of severities");
      }
      transposed[s].push_back(severities[s]);
    }
  }
  return error_by_corruption(transposed);
}

CorruptionError corruption_error(const std::vector<std::vector<double>>& errors, double clean_error,
                                 const std::vector<double>& baseline, double baseline_clean_error) {
  const std::vector<double> means = error_by_corruption(errors);
  if (means.size() != baseline.size()) throw std::invalid_argument("every corruption needs a baseline error");
  CorruptionError result;
  for (std::size_t c = 0; c < means.size(); ++c) {
    const double rise = baseline[c] - baseline_clean_error;
    if (baseline[c] == 0 || rise == 0) throw std::invalid_argument("a baseline that does not err is no yardstick");
    result.ce.push_back(means[c] / baseline[c]);
    result.relative_ce.push_back((means[c] - clean_error) / rise);
  }
  result.mce = mean(result.ce);
  result.relative_mce = mean(result.relative_ce);
  return result;
}

}  // namespace scant
