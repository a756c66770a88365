// The verdict on one cell: one look after the other until one decides or runs are missing.
#pragma once
#include <vector>

#include "results/metric.hpp"
#include "results/regression/regression.hpp"
#include "results/select.hpp"

namespace scant {

/// The runs of one split on either side.
struct GuardedSplit {
  int index = 0;
  std::vector<Selection::FinalRun> fresh;  // by repetition, as many as the last look sees
  std::vector<const Record*> partners;     // one of the baseline for each of these that is the same trial; else nothing
  std::vector<const Record*> baseline;     // all scored runs
  /// Where `baseline` is empty: the very trials may be found there once they have been trained, see Baseline::runs_of.
  bool baseline_may_match = false;
};

/// `sizes`: final runs a split at each look. Labels are the caller's.
GuardedCell judge(std::vector<GuardedSplit> splits, const std::vector<int>& sizes, const Metric& metric,
                  const GuardDesign& design);

}  // namespace scant
