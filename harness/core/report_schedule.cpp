// The arithmetic of evaluating only where a decision needs it (specs: gem-performance, waste 5).
#include "harness/core/report_schedule.hpp"

#include <algorithm>
#include <cmath>

#include "harness/core/asha.hpp"

namespace scant {

std::vector<int> milestones(const Protocol& protocol) {
  std::vector<int> epochs;
  if (protocol.early_stopping) epochs = rungs(protocol.grace, protocol.epochs, protocol.reduction);
  if (epochs.empty() || epochs.back() != protocol.epochs) epochs.push_back(protocol.epochs);
  return epochs;
}

std::vector<int> milestones(const Study& study) {
  return study.baseline ? std::vector<int>{1} : milestones(study.dataset.protocol);
}

std::vector<int> evaluation_epochs(const std::vector<int>& milestones, std::size_t index, int average) {
  const int before = index == 0 ? 0 : milestones[index - 1];
  const int last = milestones[index];
  std::vector<int> epochs;
  for (int e = std::max(before, last - average) + 1; e <= last; ++e) epochs.push_back(e);
  return epochs;
}

double metric_at(const std::vector<Evaluation>& reports, int epoch, int average) {
  double sum = 0;
  int count = 0;
  for (const Evaluation& report : reports) {
    if (report.epoch > epoch || report.epoch <= epoch - average) continue;
    sum += report.accuracy;
    ++count;
  }
  return count == 0 ? std::nan("") : sum / count;
}

}  // namespace scant
