// The choice among a record's scores.
#include "results/judged.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.hpp"

namespace scant {

std::vector<Record> judged_by(std::vector<Record> records, const std::string& label, const Suite& suite) {
  if (label.empty()) return records;
  const std::vector<std::string> known = judge_labels(suite);
  if (std::find(known.begin(), known.end(), label) == known.end()) {
    throw InputError(fmt::format("the suite has no judge \"{}\"; it has {}", label, fmt::join(known, ", ")));
  }
  for (Record& record : records) {
    if (!record.test || record.trial.judges.front().label == label) continue;
    const auto found = record.test_by.find(label);
    if (found == record.test_by.end()) {
      record.test.reset();
    } else {
      record.test = found->second;
    }
  }
  return records;
}

std::string judges_text(const Suite& suite) {
  std::string text;
  const std::vector<std::string> judges = judge_labels(suite);
  if (judges.size() > 1 || judges.front() != "own") {
    const std::string& shown = suite.table.judge.empty() ? judges.front() : suite.table.judge;
    text += fmt::format(
        " Judge: {} (tuning: {}); methods without an embedding (for fine-tuning: without a network) are judged by "
        "their own predictions, and have no score where a judge looks on another data set.",
        shown, judges.front());
  }
  const auto open = [](const DatasetEntry& dataset) { return dataset.protocol.unlabelled; };
  if (std::any_of(suite.datasets.begin(), suite.datasets.end(), open)) {
    text += " Methods that can also learn from the training pool's images outside the split, without their labels.";
  }
  return text;
}

}  // namespace scant
