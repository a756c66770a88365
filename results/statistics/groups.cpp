// Accuracy by group, and macro-F1.
#include "results/statistics/groups.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "harness/core/metrics.hpp"
#include "harness/core/quantile.hpp"

namespace scant {

GroupAccuracy group_accuracy(const std::vector<int>& truth, const std::vector<int>& predicted,
                             const std::vector<int>& group, int groups) {
  GroupAccuracy result;
  result.overall = accuracy(truth, predicted);
  if (group.size() != truth.size()) throw std::invalid_argument("every label needs a group");
  result.accuracy.resize(static_cast<std::size_t>(groups));
  result.members.resize(static_cast<std::size_t>(groups));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (group[i] < 0 || group[i] >= groups) throw std::invalid_argument("a group is outside 0..groups-1");
    const auto g = static_cast<std::size_t>(group[i]);
    ++result.members[g];
    result.accuracy[g] += truth[i] == predicted[i] ? 1 : 0;
  }
  result.worst = std::numeric_limits<double>::infinity();
  for (std::size_t g = 0; g < result.members.size(); ++g) {
    if (result.members[g] == 0) continue;
    result.accuracy[g] /= static_cast<double>(result.members[g]);
    result.worst = std::min(result.worst, result.accuracy[g]);
  }
  return result;
}

double accuracy_quantile(const GroupAccuracy& groups, double share) {
  std::vector<double> accuracies;
  for (std::size_t g = 0; g < groups.members.size(); ++g) {
    if (groups.members[g] > 0) accuracies.push_back(groups.accuracy[g]);
  }
  return quantile(accuracies, share);
}

double macro_f1(const std::vector<int>& truth, const std::vector<int>& predicted, AveragedClasses classes) {
  if (truth.empty() || truth.size() != predicted.size()) {
    throw std::invalid_argument("macro-F1 needs as many predictions as labels, and at least one");
  }
  const int largest =
      std::max(*std::max_element(truth.begin(), truth.end()), *std::max_element(predicted.begin(), predicted.end()));
  const auto counts = confusion(truth, predicted, largest + 1);
  double sum = 0;
  int averaged = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const long members = std::accumulate(counts[c].begin(), counts[c].end(), 0L);
    long predictions = 0;
    for (const auto& row : counts) predictions += row[c];
    if (members == 0 && (predictions == 0 || classes == AveragedClasses::in_truth)) continue;
    // Members are TP + FN, predictions TP + FP.
    sum += 2 * static_cast<double>(counts[c][c]) / static_cast<double>(members + predictions);
    ++averaged;
  }
  return sum / averaged;
}

}  // namespace scant
