// Studies with scored runs on both sides of a regression guard.
#pragma once
#include <string>
#include <vector>

#include "results/regression/regression.hpp"
#include "tests/results/example.hpp"

namespace scant::example {

/// A suite of one method on one data set whose plan has `runs` final runs on each of `splits` splits.
struct Guarded {
  explicit Guarded(int splits = 1, int runs = 3) {
    suite = example::suite();
    suite.datasets.resize(1);
    suite.datasets[0].splits.clear();
    for (int s = 0; s < splits; ++s) suite.datasets[0].splits.push_back(s);
    suite.datasets[0].protocol.final_runs = runs;
    suite.methods.resize(1);
    suite.table.metric = "accuracy";
    plan = example::plan(suite);
  }
  /// Scored final runs of one split, accuracies in per cent by repetition.
  std::vector<Record> runs(int split, const std::vector<double>& scores) const {
    std::vector<Record> records;
    const Study& study = plan.studies.at(static_cast<std::size_t>(split));
    for (std::size_t r = 0; r < scores.size(); ++r) {
      records.push_back(scored(study, static_cast<int>(r), scores[r] / 100));
      records.back().parameters_digest = std::to_string(scores[r]);
    }
    // The tuning trials, so that a study whose final runs are missing counts as tuned.
    for (const int trial : {0, 1}) records.push_back(tuned(study, trial, Status::ok, 1));
    return records;
  }
  Regression regress(const std::vector<Record>& fresh, const std::vector<Record>& baseline,
                     const GuardDesign& design = {}) const {
    return scant::regress(suite, plan, fresh, baseline, design);
  }
  Suite suite;
  Plan plan;
};

}  // namespace scant::example
