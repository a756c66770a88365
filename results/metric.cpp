// The metrics of tables.
#include "results/metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/core/metrics.hpp"
#include "harness/core/suite.hpp"

namespace scant {
namespace {

std::optional<double> macro_f1_of(const TestScore& score) {
  if (score.truth.empty()) return std::nullopt;
  const int classes = 1 + std::max(*std::max_element(score.truth.begin(), score.truth.end()),
                                   *std::max_element(score.predicted.begin(), score.predicted.end()));
  return 100 * macro_f1(score.truth, score.predicted, classes);
}

template <double Calibration::*value>
std::optional<double> calibration_of(const TestScore& score) {
  return score.calibration ? std::optional(*score.calibration.*value) : std::nullopt;
}

std::optional<double> expected_error_of(const TestScore& score) {
  return score.calibration ? std::optional(100 * score.calibration->expected_error) : std::nullopt;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all{
      {"balanced_accuracy", "Balanced accuracy in per cent", false, true,
       [](const TestScore& score) { return std::optional(100 * score.balanced_accuracy); }},
      {"accuracy", "Accuracy in per cent", false, true,
       [](const TestScore& score) { return std::optional(100 * score.accuracy); }},
      {"macro_f1", "Macro F1 in per cent", false, false, macro_f1_of},
      {"calibration_error", "Expected calibration error in per cent (15 bins; lower is better)", true, false,
       expected_error_of},
      {"brier", "Brier score (lower is better)", true, false, calibration_of<&Calibration::brier>},
      {"log_loss", "Negative log-likelihood in nats (lower is better)", true, false,
       calibration_of<&Calibration::log_loss>}};
  return all;
}

}  // namespace

const Metric& metric_of(const std::string& name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(), [&](const Metric& m) { return m.name == name; });
  if (found == metrics().end()) {
    throw InputError(fmt::format("metric \"{}\": use {}", name, fmt::join(table_metrics(), ", ")));
  }
  return *found;
}

}  // namespace scant
