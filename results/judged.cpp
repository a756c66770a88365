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

}  // namespace scant
