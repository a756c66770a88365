// What a table is over: one number of a final run's test score.
#pragma once
#include <optional>
#include <string>

#include "harness/core/record.hpp"

namespace scant {

struct Metric {
  std::string name, title;  // "balanced_accuracy", "Balanced accuracy in per cent"
  bool lower_is_better = false;
  bool accuracy = false;  // chance is 1 / classes: comparisons over data sets normalise by it
  /// In the title's unit; nothing where the score lacks what it needs (predictions, probabilities).
  std::optional<double> (*of)(const TestScore&) = nullptr;
};

/// One of table_metrics(); throws InputError with the known names otherwise.
const Metric& metric_of(const std::string& name);

}  // namespace scant
