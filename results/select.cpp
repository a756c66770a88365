// Sorts a study's records into tuning trials and final runs and names what is missing.
#include "results/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace scant {
namespace {

/// A reason fits on a line: library errors come with a stack trace behind the first one.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string hole_of(const Record& record) {
  const bool scored = record.status == Status::ok && record.test;
  if (scored) return {};
  const std::string reason = first_line(record.reason);
  if (record.status == Status::ok) return "the final run has no test score";
  return reason.empty() ? to_string(record.status) : to_string(record.status) + ": " + reason;
}

/// Why final runs have not even begun.
std::string unbegun(const Selection& selection) {
  if (!selection.tuned()) {
    return fmt::format("tuning incomplete: {} of {} trials done", selection.tuning.size(), selection.tuning_planned);
  }
  const auto useless = [](const Record* record) {
    return record->status == Status::failed || record->status == Status::skipped;
  };
  if (!selection.tuning.empty() && std::all_of(selection.tuning.begin(), selection.tuning.end(), useless)) {
    return "no tuning trial succeeded: " + first_line(selection.tuning.front()->reason);
  }
  const auto silent = [](const Record* record) { return record->validation.empty(); };
  if (selection.tuning_planned > 0 && std::all_of(selection.tuning.begin(), selection.tuning.end(), silent)) {
    return "the budget was spent before any trial's first report";
  }
  return "not run yet";
}

}  // namespace

Selection select(const Study& study, const std::vector<const Record*>& records) {
  Selection selection;
  selection.tuning_planned = study.tuning.size() > 1 ? static_cast<int>(study.tuning.size()) : 0;
  std::map<std::string, std::vector<const Record*>> finals;  // by configuration
  for (const Record* record : records) {
    if (record->trial.stage == Stage::tune) {
      selection.tuning.push_back(record);
    } else {
      finals[canonical(record->trial.params)].push_back(record);
      selection.openings += record->test_openings;
    }
  }
  std::sort(selection.tuning.begin(), selection.tuning.end(),
            [](const Record* a, const Record* b) { return a->trial.index < b->trial.index; });
  selection.configurations = static_cast<int>(finals.size());

  const auto scored = [](const auto& entry) {
    return std::count_if(entry.second.begin(), entry.second.end(),
                         [](const Record* record) { return hole_of(*record).empty(); });
  };
  const auto chosen = std::max_element(finals.begin(), finals.end(),
                                       [&](const auto& a, const auto& b) { return scored(a) < scored(b); });
  selection.finals.resize(static_cast<std::size_t>(study.dataset.protocol.final_runs));
  if (chosen != finals.end()) {
    for (const Record* record : chosen->second) {
      const auto repetition = static_cast<std::size_t>(record->trial.index);
      if (repetition < selection.finals.size()) selection.finals[repetition] = {record, hole_of(*record)};
    }
  }
  for (auto& run : selection.finals) {
    if (!run.record) run.hole = unbegun(selection);
  }
  return selection;
}

}  // namespace scant
