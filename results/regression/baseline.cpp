// Looks up records by study, by the study under another seed, and by trial.
#include "results/regression/baseline.hpp"

#include <algorithm>

#include "results/select.hpp"

namespace scant {

Baseline::Baseline(const std::vector<Record>& records) {
  for (const Record& record : records) {
    by_study_[record.study].push_back(&record);
    if (record.trial.stage != Stage::final) continue;
    finals_[record.trial.id()] = &record;
    seeds_.insert(record.trial.seed_base);
  }
}

std::vector<const Record*> Baseline::runs_of_seed(Study study, std::uint64_t seed) const {
  study.suite_seed = seed;
  const auto found = by_study_.find(study.id());
  if (found == by_study_.end()) return {};
  // As many as there are, for the baseline may have more final runs than today's suite.
  for (const Record* record : found->second) {
    study.dataset.protocol.final_runs = std::max(study.dataset.protocol.final_runs, record->trial.index + 1);
  }
  std::vector<const Record*> runs;
  for (const Selection::FinalRun& run : select(study, found->second).finals) {
    if (run.hole.empty()) runs.push_back(run.record);
  }
  return runs;
}

std::vector<const Record*> Baseline::runs_of(const Study& study, const std::vector<std::string>& fresh) const {
  std::vector<const Record*> runs = runs_of_seed(study, study.suite_seed);
  if (!runs.empty()) return runs;
  for (const std::uint64_t seed : seeds_) {
    const std::vector<const Record*> more = runs_of_seed(study, seed);
    runs.insert(runs.end(), more.begin(), more.end());
  }
  if (!runs.empty()) return runs;
  for (const std::string& id : fresh) {
    const auto found = finals_.find(id);
    if (found != finals_.end() && found->second->status == Status::ok && found->second->test) {
      runs.push_back(found->second);
    }
  }
  return runs;
}

bool Baseline::may_know(const Study& study) const {
  return std::any_of(finals_.begin(), finals_.end(), [&](const auto& entry) {
    const Trial& trial = entry.second->trial;
    return trial.dataset == study.dataset.name && trial.split == study.split && trial.method == study.method.name;
  });
}

bool identical(const Record& a, const Record& b) {
  if (!a.test || !b.test) return false;
  const bool digests = !a.parameters_digest.empty() && !b.parameters_digest.empty();
  if (digests && a.parameters_digest != b.parameters_digest) return false;
  const bool predictions = !a.test->predicted.empty();
  return (digests || predictions) && a.test->predicted == b.test->predicted && a.test->truth == b.test->truth;
}

}  // namespace scant
