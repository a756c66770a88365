// Counts trials and sums costs by study.
#include "results/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "results/select.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string counts(int done, int expected, const std::vector<std::pair<int, const char*>>& details) {
  std::vector<std::string> parts;
  for (const auto& [number, word] : details) {
    if (number > 0) parts.push_back(fmt::format("{} {}", number, word));
  }
  return fmt::format("{}/{}", done, expected) + (parts.empty() ? "" : fmt::format(" ({})", fmt::join(parts, ", ")));
}

int ended(const StudyProgress& study) {
  return study.tuned + study.stopped + study.failed + study.skipped;
}

}  // namespace

std::vector<StudyProgress> progress_of(const Plan& plan, const std::vector<Record>& records,
                                       const std::function<Cost(const std::string& trial_id)>& spent) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  std::vector<StudyProgress> studies;
  for (const Study& study : plan.studies) {
    StudyProgress& progress = studies.emplace_back();
    progress.name = study.name();
    progress.id = study.id();
    const Selection selection = select(study, by_study[progress.id]);
    const Budget& budget = study.dataset.protocol.budget;
    progress.tuning_planned = selection.tuning_planned;
    std::set<std::string> known;
    for (const Record* record : selection.tuning) {
      known.insert(record->trial.id());
      progress.tuning.seconds += record->cost.charged();
      progress.tuning.charged += record->cost.charged_to(budget);
      switch (record->status) {
        case Status::ok:
          ++progress.tuned;
          break;
        case Status::stopped:
          ++progress.stopped;
          break;
        case Status::failed:
          ++progress.failed;
          break;
        case Status::skipped:
          ++progress.skipped;
          break;
      }
    }
    if (progress.tuning_planned > 0) {
      progress.tuning.granted = budget.granted();
      progress.tuning.reference = budget.reference_seconds > 0;
      for (const Trial& trial : study.tuning) {
        const std::string id = trial.id();
        if (known.contains(id)) continue;
        const Cost cost = spent(id);
        progress.tuning.seconds += cost.charged();
        progress.tuning.charged += cost.charged_to(budget);
        progress.begun += cost.charged() > 0;
      }
    }
    for (const auto& run : selection.finals) {
      ++progress.finals_expected;
      if (!run.record) continue;
      progress.final_seconds += run.record->cost.charged();
      progress.finals += run.hole.empty();
      progress.finals_failed += run.record->status == Status::failed;
      progress.finals_skipped += run.record->status == Status::skipped;
    }
  }
  return studies;
}

bool finished(const std::vector<StudyProgress>& studies) {
  return std::all_of(studies.begin(), studies.end(),
                     [](const StudyProgress& study) { return study.finals == study.finals_expected; });
}

std::string progress_text(const std::vector<StudyProgress>& studies) {
  std::vector<std::vector<std::string>> rows;
  int tuning = 0, tuning_planned = 0, finals = 0, finals_expected = 0;
  double seconds = 0, final_seconds = 0;
  for (const StudyProgress& study : studies) {
    rows.push_back({study.name,
                    counts(ended(study), study.tuning_planned,
                           {{study.stopped, "stopped"},
                            {study.failed, "failed"},
                            {study.skipped, "skipped"},
                            {study.begun, "begun"}}),
                    counts(study.finals, study.finals_expected,
                           {{study.finals_failed, "failed"}, {study.finals_skipped, "skipped"}}),
                    study.tuning.text(), decimal(study.final_seconds, 1)});
    tuning += ended(study);
    tuning_planned += study.tuning_planned;
    finals += study.finals;
    finals_expected += study.finals_expected;
    seconds += study.tuning.seconds;
    final_seconds += study.final_seconds;
  }
  rows.push_back({fmt::format("{} studies", studies.size()), counts(tuning, tuning_planned, {}),
                  counts(finals, finals_expected, {}), decimal(seconds, 1), decimal(final_seconds, 1)});
  return markdown_grid({"Study", "Tuning trials", "Final runs", "Tuning s", "Final s"}, rows);
}

Json progress_json(const std::string& suite, const std::vector<StudyProgress>& studies) {
  Json list = Json::array();
  for (const StudyProgress& study : studies) {
    list.push_back({{"name", study.name},
                    {"id", study.id},
                    {"tuning",
                     {{"planned", study.tuning_planned},
                      {"ok", study.tuned},
                      {"stopped", study.stopped},
                      {"failed", study.failed},
                      {"skipped", study.skipped},
                      {"begun", study.begun},
                      {"seconds", study.tuning.seconds},
                      {"charged_seconds", study.tuning.charged},
                      {"granted_seconds", study.tuning.granted}}},
                    {"final",
                     {{"expected", study.finals_expected},
                      {"ok", study.finals},
                      {"failed", study.finals_failed},
                      {"skipped", study.finals_skipped},
                      {"seconds", study.final_seconds}}}});
  }
  return {{"suite", suite}, {"finished", finished(studies)}, {"studies", list}};
}

}  // namespace scant
