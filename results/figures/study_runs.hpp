// A plan's studies with the records that count, data set after data set: what charts of single runs start from.
#pragma once
#include <string>
#include <vector>

#include "results/select.hpp"

namespace scant {

struct StudyRuns {
  const Study* study = nullptr;
  Selection selection;
};

/// All studies of one data set, in the plan's order.
struct DatasetRuns {
  std::string label;
  std::vector<StudyRuns> studies;
  /// Methods' labels in the order of the suite.
  std::vector<std::string> methods() const;
  /// Scored final runs of all splits of one method, by split then repetition.
  std::vector<const Record*> scored(const std::string& method) const;
};

/// The pointers are into `plan` and `records`.
std::vector<DatasetRuns> runs_by_dataset(const Plan& plan, const std::vector<Record>& records);

/// Appends what is not in the list yet.
void add_once(std::vector<std::string>& list, const std::string& text);

}  // namespace scant
