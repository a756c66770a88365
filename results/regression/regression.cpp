// Walks through every cell's looks until one decides.
#include "results/regression/regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/core/error.hpp"
#include "results/metric.hpp"
#include "results/regression/baseline.hpp"
#include "results/regression/cell.hpp"

namespace scant {
namespace {

using RecordsByStudy = std::map<std::string, std::vector<const Record*>>;

GuardedSplit split_of(const Study& study, int most, const RecordsByStudy& records, const Baseline& baseline) {
  Study extended = study;  // with the repetitions of every look
  extended.dataset.protocol.final_runs = most;
  const auto found = records.find(study.id());
  GuardedSplit split;
  split.index = study.split;
  split.fresh = select(extended, found == records.end() ? std::vector<const Record*>{} : found->second).finals;
  std::vector<std::string> ids;
  for (const Selection::FinalRun& run : split.fresh) ids.push_back(run.record ? run.record->trial.id() : "");
  split.baseline = baseline.runs_of(study, ids);
  split.baseline_may_match = baseline.may_know(study);
  std::map<std::string, const Record*> by_trial;
  for (const Record* run : split.baseline) by_trial[run->trial.id()] = run;
  for (const std::string& id : ids) {
    const auto partner = by_trial.find(id);
    split.partners.push_back(partner == by_trial.end() ? nullptr : partner->second);
  }
  return split;
}

void require_sense(const GuardDesign& design) {
  if (!(design.margin > 0)) throw InputError("the margin must be above 0");
  if (!(design.alpha > 0 && design.alpha < 0.5)) throw InputError("alpha must lie between 0 and 0.5");
  if (design.step < 1) throw InputError("a look must add at least one run");
}

/// A comparison of a program with itself finds nothing, and somebody should hear of it.
void note_same_code(Regression& result, const std::vector<Record>& records, const std::vector<Record>& baseline) {
  const auto codes = [](const std::vector<Record>& all) {
    std::set<std::string> digests;
    for (const Record& record : all) {
      if (record.environment.is_object()) digests.insert(record.environment.value("code", ""));
    }
    digests.erase("");
    return digests;
  };
  const std::set<std::string> ours = codes(records), theirs = codes(baseline);
  if (ours.size() > 1) result.notes.emplace_back("the new runs come from more than one build of the program");
  if (ours.size() == 1 && ours == theirs)
    result.notes.emplace_back("both sides come from the same build of the program");
}

}  // namespace

std::string to_string(GuardVerdict verdict) {
  switch (verdict) {
    case GuardVerdict::equivalent:
      return "equivalent";
    case GuardVerdict::better:
      return "better";
    case GuardVerdict::worse:
      return "worse";
    case GuardVerdict::undecided:
      return "undecided";
  }
  throw std::logic_error("verdict out of range");
}

int Regression::count(GuardVerdict verdict) const {
  return static_cast<int>(std::count_if(cells.begin(), cells.end(),
                                        [verdict](const GuardedCell& cell) { return cell.verdict == verdict; }));
}

double Regression::extra_seconds() const {
  double seconds = 0;
  for (const GuardedCell& cell : cells) seconds += cell.extra_seconds;
  return seconds;
}

Regression regress(const Suite& suite, const Plan& plan, const std::vector<Record>& records,
                   const std::vector<Record>& baseline, const GuardDesign& design) {
  require_sense(design);
  const Metric& metric = metric_of(suite.table.metric);
  Regression result;
  result.title = suite.name;
  result.metric = metric.title;
  result.lower_is_better = metric.lower_is_better;
  result.decimals = suite.table.decimals;
  result.design = design;
  RecordsByStudy by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  const Baseline old(baseline);
  for (const DatasetEntry& dataset : suite.datasets) {
    for (const MethodEntry& method : suite.methods) {
      const std::vector<int> sizes = look_sizes(dataset.protocol.final_runs, design.step, design.max_runs);
      std::vector<GuardedSplit> splits;
      for (const Study& study : plan.studies) {
        if (study.dataset.label != dataset.label || study.method.label != method.label) continue;
        splits.push_back(split_of(study, sizes.back(), by_study, old));
      }
      if (splits.empty()) continue;
      GuardedCell& cell = result.cells.emplace_back(judge(std::move(splits), sizes, metric, design));
      cell.dataset = dataset.label;
      cell.method = method.label;
    }
  }
  note_same_code(result, records, baseline);
  return result;
}

}  // namespace scant
