// Medians, ratios and the area under the performance profile.
#include "results/statistics/performance_score.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "results/statistics.hpp"

namespace scant {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// Not quantile(): between two infinite values that interpolates to NaN.
double median_time(std::vector<double> times) {
  if (times.empty()) throw std::invalid_argument("a workload needs at least one study");
  std::sort(times.begin(), times.end());
  if (!(times.front() > 0)) throw std::invalid_argument("a time to target must be positive");
  const std::size_t half = times.size() / 2;
  return times.size() % 2 == 1 ? times[half] : (times[half - 1] + times[half]) / 2;
}

void require_ratios(const std::vector<double>& ratios) {
  if (ratios.empty()) throw std::invalid_argument("a performance profile needs at least one workload");
}

}  // namespace

std::vector<std::vector<double>> times_to_target(const std::vector<std::vector<std::vector<double>>>& study_best) {
  std::vector<std::vector<double>> times;
  for (const auto& submission : study_best) {
    auto& row = times.emplace_back();
    for (const auto& studies : submission) row.push_back(median_time(studies));
  }
  return times;
}

std::vector<std::vector<double>> ratios_to_best(const std::vector<std::vector<double>>& times) {
  std::vector<std::vector<double>> ratios = times;
  const std::size_t workloads = times.empty() ? 0 : times.front().size();
  for (const auto& row : times) {
    if (row.size() != workloads) throw std::invalid_argument("every submission needs a time on every workload");
  }
  for (std::size_t w = 0; w < workloads; ++w) {
    double best = kNever;
    for (const auto& row : times) best = std::min(best, row[w]);
    for (auto& row : ratios) row[w] = row[w] < kNever && row[w] <= kLargestRatio * best ? row[w] / best : kNever;
  }
  return ratios;
}

double performance_profile(const std::vector<double>& ratios, double tau) {
  require_ratios(ratios);
  const auto within = std::count_if(ratios.begin(), ratios.end(), [tau](double r) { return r <= tau; });
  return static_cast<double>(within) / static_cast<double>(ratios.size());
}

double performance_score(const std::vector<double>& ratios) {
  require_ratios(ratios);
  std::vector<double> shares;
  for (const double r : ratios) shares.push_back(std::max(0.0, (kLargestRatio - r) / (kLargestRatio - 1)));
  return mean(shares);
}

double performance_score(const std::vector<double>& ratios, int points) {
  if (points < 2) throw std::invalid_argument("trapezoids need at least two points");
  double sum = 0;
  for (int i = 0; i < points; ++i) {
    const double tau = 1 + (kLargestRatio - 1) * i / (points - 1);
    sum += performance_profile(ratios, tau) * (i == 0 || i == points - 1 ? 0.5 : 1);
  }
  return sum / (points - 1);
}

}  // namespace scant
