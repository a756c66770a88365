// When validation data is looked at: only in the epochs that a decision averages over.
#pragma once
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// Epochs at which a trial is judged, ascending: ASHA's rungs (none without early stopping), then the end.
std::vector<int> milestones(const Protocol& protocol);
/// Those of a study's trials: a baseline's are done after their first report.
std::vector<int> milestones(const Study& study);

/// Epochs to evaluate on the way to milestones[index]: of the last `average` epochs before it, those after the previous
/// milestone.
std::vector<int> evaluation_epochs(const std::vector<int>& milestones, std::size_t index, int average);

/// The metric that a tuner sees after `epoch`: mean of the accuracies reported in its last `average` epochs; NaN if
/// there are none.
double metric_at(const std::vector<Evaluation>& reports, int epoch, int average);

}  // namespace scant
