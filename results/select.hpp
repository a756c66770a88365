// Which of a study's records count: the plan says what is expected, a missing run gets a reason.
#pragma once
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// A study's records against its plan. The pointers are those that were handed in.
struct Selection {
  struct FinalRun {
    const Record* record = nullptr;  // nothing: not run
    std::string hole;                // why there is no score; empty where there is one
  };
  std::vector<const Record*> tuning;  // those that exist, by configuration number
  std::vector<FinalRun> finals;       // one per expected final run, by repetition
  int tuning_planned = 0;             // 0 where one configuration leaves nothing to decide
  int openings = 0;                   // of test data, by all final runs of the study
  int configurations = 0;             // that have final runs; more than 1: the winner changed after a retry
  bool tuned() const { return static_cast<int>(tuning.size()) >= tuning_planned; }
};

/// `records`: those of this study, in any order. If several configurations have final runs, the one with the most
/// scored runs counts (ties: the first in canonical order).
Selection select(const Study& study, const std::vector<const Record*>& records);

}  // namespace scant
