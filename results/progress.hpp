// How far each study of a plan has come.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"
#include "results/text.hpp"

namespace scant {

struct StudyProgress {
  std::string name, id;
  int tuning_planned = 0;                               // 0 where one configuration leaves nothing to decide
  int tuned = 0, stopped = 0, failed = 0, skipped = 0;  // tuning trials that ended: at their last epoch, early, badly
  int begun = 0;                                        // tuning trials that spent something and have not ended
  int finals = 0, finals_failed = 0, finals_skipped = 0, finals_expected = 0;
  Spending tuning;  // trials that have not ended included
  double final_seconds = 0;
};

/// One entry per study, in the plan's order. `spent`: what a trial without a record has cost so far.
std::vector<StudyProgress> progress_of(const Plan& plan, const std::vector<Record>& records,
                                       const std::function<Cost(const std::string& trial_id)>& spent);

/// Every expected final run has a score.
bool finished(const std::vector<StudyProgress>& studies);

/// A padded table with a line of totals.
std::string progress_text(const std::vector<StudyProgress>& studies);
Json progress_json(const std::string& suite, const std::vector<StudyProgress>& studies);

}  // namespace scant
