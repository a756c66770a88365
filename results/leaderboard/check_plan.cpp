// Checks of a bundle against the plan of its suite: is everything there, nothing else, and within the budget.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "results/leaderboard/checks.hpp"
#include "results/leaderboard/replay.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

void compare_digests(const Evidence& evidence, std::vector<std::string>& violations) {
  const std::vector<PlannedStudy> ours = planned_studies(evidence.plan);
  const std::vector<PlannedStudy>& theirs = evidence.bundle.plan;
  if (ours.size() != theirs.size()) {
    violations.push_back(
        fmt::format("the suite plans {} studies, the bundle's plan has {}", ours.size(), theirs.size()));
  }
  for (std::size_t s = 0; s < std::min(ours.size(), theirs.size()); ++s) {
    if (ours[s] == theirs[s]) continue;
    violations.push_back(fmt::format("{}: the suite's study {} with trials {} is {} ({}) with trials {} in the bundle",
                                     ours[s].name, ours[s].id.substr(0, 12), ours[s].trials.substr(0, 12),
                                     theirs[s].id.substr(0, 12), theirs[s].name, theirs[s].trials.substr(0, 12)));
  }
}

/// Whether this is one of the study's trials: a tuning trial as it stands, a final run up to its parameters.
bool planned(const Study& study, const Record& record) {
  const Trial& trial = record.trial;
  if (trial.index < 0) return false;
  const auto index = static_cast<std::size_t>(trial.index);
  if (trial.stage == Stage::tune) return index < study.tuning.size() && study.tuning[index].id() == trial.id();
  return trial.index < study.dataset.protocol.final_runs &&
         study.final_trial(trial.params, trial.index).id() == trial.id();
}

/// Everything but which study it is a part of.
std::string shared_part(Record record) {
  record.study.clear();
  return canonical(record.to_json());
}

void check_records(const Evidence& evidence, std::vector<std::string>& violations) {
  std::map<std::string, std::string> by_trial;  // a final run that several studies chose is one training
  std::set<std::string> seen;
  std::size_t claimed = 0;
  for (const auto& [study, records] : evidence.studies) {
    claimed += records.size();
    for (const Record* record : records) {
      const std::string id = record->trial.id(), name = evidence.name_of(*record);
      if (!seen.insert(record->study + id).second) {
        violations.push_back(fmt::format("{}: more than one record", name));
        continue;
      }
      const auto [first, fresh] = by_trial.emplace(id, shared_part(*record));
      if (!fresh && first->second != shared_part(*record)) {
        violations.push_back(fmt::format("{}: another study has the same training with another outcome", name));
      }
      if (!planned(*study, *record)) {
        violations.push_back(fmt::format("{}: the plan has no trial {}", name, id.substr(0, 12)));
      } else if (record->status == Status::ok && record->epochs_done != record->trial.epochs) {
        violations.push_back(fmt::format("{}: {} of {} epochs done", name, record->epochs_done, record->trial.epochs));
      }
    }
  }
  if (claimed == evidence.bundle.records.size()) return;
  for (const Record& record : evidence.bundle.records) {
    if (evidence.names.contains(record.study)) continue;
    violations.push_back(fmt::format("{}: of a study that the plan does not have", evidence.name_of(record)));
  }
}

std::string limits(const Budget& budget) {
  std::vector<std::string> parts;
  if (budget.device_seconds > 0) parts.push_back(fmt::format("{} device-seconds", budget.device_seconds));
  if (budget.reference_seconds > 0) {
    parts.push_back(fmt::format("{} reference-seconds", budget.reference_seconds));
  }
  if (budget.epochs > 0) parts.push_back(fmt::format("{} epochs", budget.epochs));
  if (budget.trials > 0) parts.push_back(fmt::format("{} trials", budget.trials));
  return parts.empty() ? "no limit" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

Check check_plan(const Evidence& evidence, std::vector<std::string>& holes) {
  Check check{"plan", "", {}};
  compare_digests(evidence, check.violations);
  check_records(evidence, check.violations);
  const std::vector<std::string> found = holes_of(evidence.plan, evidence.bundle.records);
  const std::set<std::string> missing(found.begin(), found.end());
  const std::set<std::string> named(evidence.bundle.holes.begin(), evidence.bundle.holes.end());
  for (const std::string& hole : found) {
    if (named.contains(hole)) {
      holes.push_back(hole);
    } else {
      check.violations.push_back(hole);
    }
  }
  for (const std::string& hole : named) {
    if (!missing.contains(hole)) check.violations.push_back(fmt::format("named as a hole and none: {}", hole));
  }
  check.detail = fmt::format("{} studies, {} records{}", evidence.plan.studies.size(), evidence.bundle.records.size(),
                             holes.empty() ? ", complete" : fmt::format(", {} holes as the bundle says", holes.size()));
  return check;
}

Check check_budget(const Evidence& evidence) {
  Check check{"budget", "", {}};
  std::set<std::string> granted;
  double most_seconds = 0;
  std::int64_t most_epochs = 0;
  std::size_t most_trials = 0;
  for (const StudyRecords& entry : evidence.studies) {
    const Budget& budget = entry.study->dataset.protocol.budget;
    granted.insert(limits(budget));
    const auto tuned =
        static_cast<std::size_t>(std::count_if(entry.records.begin(), entry.records.end(), [](const Record* record) {
          return record->trial.stage == Stage::tune;
        }));
    most_trials = std::max(most_trials, tuned);
    if (budget.trials > 0 && tuned > static_cast<std::size_t>(budget.trials)) {
      check.violations.push_back(
          fmt::format("{}: {} tuning trials, {} granted", entry.study->name(), tuned, budget.trials));
    }
    const std::vector<const Record*> tuning = whole_tuning(entry);
    if (tuning.empty()) continue;
    const bool measured = std::all_of(tuning.begin(), tuning.end(), [](const Record* record) {
      return record->cost.charged() == 0 || record->cost.reference_speed > 0;
    });
    if (budget.reference_seconds > 0 && !measured) {
      check.violations.push_back(
          fmt::format("{}: the speed of its device is not known, so what it spent is not", entry.study->name()));
      continue;
    }
    const Replay replay = replay_tuning(*entry.study, tuning);
    most_seconds = std::max(most_seconds, replay.seconds);
    most_epochs = std::max(most_epochs, replay.epochs);
    for (const std::string& what : replay.over_budget) {
      check.violations.push_back(fmt::format("{}: {} ({} granted; spent {} seconds of it, {} epochs)",
                                             entry.study->name(), what, limits(budget), decimal(replay.seconds, 1),
                                             replay.epochs));
    }
  }
  check.detail = fmt::format("granted a study: {}; spent at most {} seconds of it, {} epochs, {} trials",
                             fmt::join(granted, " or "), decimal(most_seconds, 1), most_epochs, most_trials);
  return check;
}

}  // namespace scant
