// ASHA's stopping rule: a trial goes on at a rung if it is no worse than the quantile of those that came before it.
#include "harness/core/asha.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "harness/core/quantile.hpp"

namespace scant {

std::vector<int> rungs(int grace, int max_epochs, int reduction) {
  if (grace < 1 || reduction < 2) {
    throw InputError(fmt::format("ASHA needs grace >= 1 and reduction >= 2, but has grace = {} and reduction = {}",
                                 grace, reduction));
  }
  std::vector<int> epochs;
  for (std::int64_t rung = grace; rung <= max_epochs; rung *= reduction) epochs.push_back(static_cast<int>(rung));
  return epochs;
}

Asha::Asha(int grace, int max_epochs, int reduction) : max_epochs_(max_epochs), reduction_(reduction) {
  for (const int rung : rungs(grace, max_epochs, reduction)) recorded_[rung];
}

Asha::Decision Asha::report(int trial, int epoch, double value) {
  if (epoch >= max_epochs_) return {true, {}, {}};
  for (auto& [epochs, rung] : recorded_) {  // from the highest
    // Where a trial stands at a rung, those below count as passed: no back-filling by later reports.
    if (rung.trials.contains(trial)) return {};
    if (epoch < epochs) continue;
    std::vector<double>& values = rung.values;
    std::optional<double> cutoff;
    if (!values.empty()) cutoff = quantile_of_sorted(values, 1.0 - 1.0 / reduction_);
    rung.trials.insert(trial);
    if (!std::isnan(value)) values.insert(std::upper_bound(values.begin(), values.end(), value), value);
    // Strictly below: ties go on, and so does NaN, which compares false.
    return {cutoff && value < *cutoff, epochs, cutoff};
  }
  return {};
}

}  // namespace scant
