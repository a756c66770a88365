// A small suite with its records: complete cells, holes of every kind, a reopened test set, mixed hardware.
#pragma once
#include <vector>

#include "results/table.hpp"

namespace scant::example {

inline Suite suite() {
  Suite suite;
  suite.name = "example";
  suite.description = "a suite of the tests";
  DatasetEntry first, second;
  first.name = "alpha";
  first.label = "Alpha";
  first.splits = {0, 1};
  first.protocol.final_runs = 2;
  second.name = "beta_1";
  second.label = "Beta_1 & 5 %|x";
  second.splits = {0};
  second.protocol.final_runs = 2;
  suite.datasets = {first, second};
  suite.methods = {{"xent", "Cross-entropy", Json::object(), {}},
                   {"cosine", "Cosine", Json::object(), {}},
                   {"knn", "k-NN", Json::object(), {}}};
  suite.table.decimals = 2;
  return suite;
}

/// Two tuning trials a study, but one configuration for k-NN, which is a baseline.
inline Plan plan(const Suite& suite) {
  Plan plan{suite.name, {}};
  for (const DatasetEntry& dataset : suite.datasets) {
    for (const int split : dataset.splits) {
      for (const MethodEntry& method : suite.methods) {
        Study study;
        study.dataset = dataset;
        study.split = split;
        study.method = method;
        study.baseline = method.name == "knn";
        for (int i = 0; i < (study.baseline ? 1 : 2); ++i) {
          Trial trial = study.final_trial({{"lr", 0.1 * (i + 1)}}, i);
          trial.stage = Stage::tune;
          study.tuning.push_back(trial);
        }
        plan.studies.push_back(study);
      }
    }
  }
  return plan;
}

inline const Study& study_of(const Plan& plan, const std::string& dataset, int split, const std::string& method) {
  for (const Study& study : plan.studies) {
    if (study.dataset.name == dataset && study.split == split && study.method.name == method) return study;
  }
  throw std::out_of_range(dataset + "/" + method);
}

inline Record tuned(const Study& study, int index, Status status, double seconds, const std::string& reason = {}) {
  Record record;
  record.trial = study.tuning.at(static_cast<std::size_t>(index));
  record.study = study.id();
  record.status = status;
  record.reason = reason;
  record.cost.train_seconds = seconds;
  record.cost.evaluation_seconds = 0.5;
  record.environment = {{"hardware", "test machine"}, {"threads", 1}, {"suite_digest", study.method.name}};
  return record;
}

/// A scored final run; balanced accuracy is 1 point below accuracy.
inline Record scored(const Study& study, int repetition, double accuracy, std::size_t configuration = 0) {
  Record record = tuned(study, 0, Status::ok, 10);
  record.trial = study.final_trial(study.tuning.at(configuration).params, repetition);
  record.test = TestScore{accuracy, accuracy - 0.01, {}, {}, {}};
  record.test_openings = 1;
  return record;
}

inline Record lost(const Study& study, int repetition, Status status, const std::string& reason) {
  Record record = scored(study, repetition, 0);
  record.status = status;
  record.reason = reason;
  record.test.reset();
  record.test_openings = 0;
  return record;
}

/// Every hole that a table can have.
inline std::vector<Record> records(const Plan& plan) {
  std::vector<Record> records;
  for (const int split : {0, 1}) {
    const Study& xent = study_of(plan, "alpha", split, "xent");
    records.push_back(tuned(xent, 0, Status::ok, 20));
    records.push_back(tuned(xent, 1, Status::stopped, 5, "stopped by ASHA at epoch 1"));
    for (const int r : {0, 1}) records.push_back(scored(xent, r, 0.60 + 0.01 * r + 0.02 * split));
    const Study& cosine = study_of(plan, "alpha", split, "cosine");
    records.push_back(tuned(cosine, 0, Status::ok, 30));
    records.push_back(tuned(cosine, 1, Status::failed, 1, "loss is NaN"));
    for (const int r : {0, 1}) records.push_back(scored(cosine, r, 0.80 + 0.01 * r + 0.02 * split));
  }
  const Study& knn = study_of(plan, "alpha", 0, "knn");
  records.push_back(scored(knn, 0, 0.99));
  records.push_back(lost(knn, 1, Status::failed, "out of memory\n  at frame 1\n  at frame 2"));
  const Study& xent = study_of(plan, "beta_1", 0, "xent");
  records.push_back(tuned(xent, 0, Status::ok, 20));
  records.push_back(tuned(xent, 1, Status::ok, 20));
  for (const int r : {0, 1}) records.push_back(scored(xent, r, 0.5));
  records.back().test_openings = 2;
  records.back().environment["hardware"] = "another machine";
  records.push_back(tuned(study_of(plan, "beta_1", 0, "cosine"), 0, Status::ok, 7));
  for (const int r : {0, 1}) {
    records.push_back(
        lost(study_of(plan, "beta_1", 0, "knn"), r, Status::skipped, "data are not here: scant fetch beta_1"));
  }
  return records;
}

inline Table table() {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  return make_table(suite, plan, records(plan));
}

}  // namespace scant::example
