// A study's tuning decided again from its records.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

struct Replay {
  std::optional<int> winner;             // configuration number; nothing if no report is finite
  std::int64_t epochs = 0;               // of all tuning trials
  double seconds = 0;                    // charged to tuning
  std::vector<std::string> unruly;       // trials that do not end, or were not validated, where the protocol says so
  std::vector<std::string> over_budget;  // trials that went on after the budget was spent
};

/// What virtual order, stopping rule, budget and winner rule make of the reports. `tuning`: the study's tuning records,
/// one for every planned trial, by configuration number. Epochs are accounted for exactly; of device-seconds it is
/// known when a trial has ended what it had cost, so that those that were alive when the budget ran out may have
/// overdrawn it by what they had trained since their last report.
Replay replay_tuning(const Study& study, const std::vector<const Record*>& tuning);

}  // namespace scant
