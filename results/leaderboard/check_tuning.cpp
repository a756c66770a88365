// Checks of what was decided: by validation data alone, by the protocol's rules, and test opened once.
#include <fmt/format.h>

#include <algorithm>

#include "results/leaderboard/checks.hpp"
#include "results/leaderboard/replay.hpp"

namespace scant {
namespace {

bool is_final(const Record& record) {
  return record.trial.stage == Stage::final;
}

/// Final runs must have `params`, those of configuration `number`.
void check_params(const Evidence& evidence, const StudyRecords& entry, const Json& params, int number,
                  std::vector<std::string>& violations) {
  for (const Record* record : entry.records) {
    if (!is_final(*record) || record->trial.params == params) continue;
    violations.push_back(fmt::format("{}: has {}, while the validation reports choose configuration {}, {}",
                                     evidence.name_of(*record), canonical(record->trial.params), number,
                                     canonical(params)));
  }
}

void check_decisions(const Evidence& evidence, const StudyRecords& entry, std::vector<std::string>& violations) {
  const Study& study = *entry.study;
  if (study.tuning.size() == 1) return check_params(evidence, entry, study.tuning.front().params, 0, violations);
  const bool finals =
      std::any_of(entry.records.begin(), entry.records.end(), [](const Record* record) { return is_final(*record); });
  const std::vector<const Record*> tuning = whole_tuning(entry);
  if (tuning.empty()) {
    if (finals) {
      violations.push_back(
          fmt::format("{}: final runs although tuning is incomplete: nothing says that theirs is the "
                      "configuration that validation chose",
                      study.name()));
    }
    return;
  }
  const Replay replay = replay_tuning(study, tuning);
  for (const std::string& what : replay.unruly) violations.push_back(fmt::format("{}: {}", study.name(), what));
  if (replay.winner) {
    const auto winner = static_cast<std::size_t>(*replay.winner);
    check_params(evidence, entry, study.tuning[winner].params, *replay.winner, violations);
  } else if (finals) {
    violations.push_back(fmt::format("{}: final runs although no tuning trial has a finite report", study.name()));
  }
}

}  // namespace

std::vector<const Record*> whole_tuning(const StudyRecords& entry) {
  const std::vector<Trial>& planned = entry.study->tuning;
  if (planned.size() == 1) return {};
  std::vector<const Record*> tuning(planned.size());
  for (const Record* record : entry.records) {
    if (is_final(*record) || record->trial.index < 0) continue;
    const auto index = static_cast<std::size_t>(record->trial.index);
    if (index < tuning.size() && !tuning[index]) tuning[index] = record;
  }
  const bool whole = std::all_of(tuning.begin(), tuning.end(), [](const Record* record) { return record; });
  return whole ? tuning : std::vector<const Record*>{};
}

Check check_tuning(const Evidence& evidence) {
  Check check{"tuning", "", {}};
  int decided = 0;
  for (const StudyRecords& entry : evidence.studies) {
    for (const Record* record : entry.records) {
      if (is_final(*record) || !record->test) continue;
      check.violations.push_back(fmt::format("{}: a tuning trial with a test score", evidence.name_of(*record)));
    }
    check_decisions(evidence, entry, check.violations);
    decided += !whole_tuning(entry).empty();
  }
  check.detail =
      fmt::format("on validation data alone; {} studies decided again, final runs are their winners'", decided);
  return check;
}

Check check_openings(const Evidence& evidence) {
  Check check{"openings", "", {}};
  int scored = 0;
  for (const Record& record : evidence.bundle.records) {
    scored += record.test.has_value();
    const int allowed = is_final(record) && record.test ? 1 : 0;
    if (record.test_openings == allowed) continue;
    check.violations.push_back(fmt::format("{}: test data were opened {} times, not {}", evidence.name_of(record),
                                           record.test_openings, allowed));
  }
  check.detail = fmt::format("test data opened once by each of {} final runs", scored);
  return check;
}

}  // namespace scant
