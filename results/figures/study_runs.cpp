// Sorts records into studies and studies into data sets.
#include "results/figures/study_runs.hpp"

#include <algorithm>
#include <map>

namespace scant {

std::vector<std::string> DatasetRuns::methods() const {
  std::vector<std::string> labels;
  for (const StudyRuns& runs : studies) add_once(labels, runs.study->method.label);
  return labels;
}

std::vector<const Record*> DatasetRuns::scored(const std::string& method) const {
  std::vector<const Record*> records;
  for (const StudyRuns& runs : studies) {
    if (runs.study->method.label != method) continue;
    for (const auto& run : runs.selection.finals) {
      if (run.hole.empty()) records.push_back(run.record);
    }
  }
  return records;
}

std::vector<DatasetRuns> runs_by_dataset(const Plan& plan, const std::vector<Record>& records) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  std::vector<DatasetRuns> all;
  for (const Study& study : plan.studies) {
    auto dataset =
        std::find_if(all.begin(), all.end(), [&](const DatasetRuns& d) { return d.label == study.dataset.label; });
    if (dataset == all.end()) dataset = all.insert(all.end(), DatasetRuns{study.dataset.label, {}});
    dataset->studies.push_back({&study, select(study, by_study[study.id()])});
  }
  return all;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

}  // namespace scant
