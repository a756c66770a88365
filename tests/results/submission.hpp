// Suites of the fake catalogue, the records that an honest run of them leaves, and what bundles are made of them.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/core/hash.hpp"
#include "harness/core/metrics.hpp"
#include "harness/core/report_schedule.hpp"
#include "results/leaderboard/verify.hpp"
#include "tests/core/fake_catalogue.hpp"

namespace scant::submission {

/// Three configurations of cross-entropy and k-NN, one of the majority class; two splits, two final runs.
inline const std::string protocol = R"(name = "tiny"
seed = 3
[protocol]
epochs = 4
trials = 3
average_last = 2
early_stopping = false
virtual_workers = 1
final_runs = 2
[[datasets]]
name = "cifair10"
label = "ciFAIR"
splits = [0, 1]
)";
inline const std::string xent = "[[methods]]\nname = \"xent\"\nlabel = \"Cross-entropy\"\n";
inline const std::string knn = "[[methods]]\nname = \"knn\"\nlabel = \"k-NN\"\n";
inline const std::string majority = "[[methods]]\nname = \"majority\"\nlabel = \"Majority\"\n";

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("no \"" + from + "\" to replace");
  return text.replace(at, from.size(), to);
}

inline Plan plan_of(const std::string& suite) {
  const Catalogue catalogue = fake_catalogue();
  return make_plan(parse_suite(suite, "tiny.toml", catalogue), catalogue);
}

/// A tuning trial that went on to its last epoch with this validation accuracy.
inline Record tuned(const Study& study, std::size_t index, double accuracy) {
  Record record;
  record.trial = study.tuning.at(index);
  record.study = study.id();
  record.epochs_done = milestones(study).back();
  for (const int epoch : evaluation_epochs(milestones(study), 0, study.dataset.protocol.average_last)) {
    record.validation.push_back({epoch, accuracy});
  }
  record.data_digest = "images of " + study.dataset.name;
  record.split_digest = "split " + std::to_string(study.split);
  record.cost.train_seconds = 2;
  record.environment = {{"code", "c0de"}, {"threads", 1}};
  return record;
}

/// A final run whose first `wrong` of ten answers are wrong.
inline Record scored(const Study& study, const Json& params, int repetition, std::size_t wrong) {
  Record record = tuned(study, 0, 0);
  record.trial = study.final_trial(params, repetition);
  record.validation.clear();
  TestScore score;
  score.truth = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
  score.predicted = score.truth;
  for (std::size_t i = 0; i < wrong; ++i) score.predicted[i] = (score.truth[i] + 1) % 3;
  score.accuracy = accuracy(score.truth, score.predicted);
  score.balanced_accuracy = balanced_accuracy(score.truth, score.predicted, 3);
  record.test = score;
  record.test_openings = 1;
  return record;
}

/// Configuration 1 wins; cross-entropy has 1 or 2 wrong answers, k-NN 3 or 4, the majority class 5 or 6.
inline std::vector<Record> honest(const Plan& plan) {
  std::vector<Record> records;
  for (const Study& study : plan.studies) {
    const bool searched = study.tuning.size() > 1;
    for (std::size_t t = 0; searched && t < study.tuning.size(); ++t) {
      records.push_back(tuned(study, t, t == 1 ? 0.5 : 0.4 - 0.01 * static_cast<double>(t)));
    }
    const std::size_t wrong = study.method.name == "xent" ? 1 : study.method.name == "knn" ? 3 : 5;
    for (int r = 0; r < study.dataset.protocol.final_runs; ++r) {
      records.push_back(scored(study, study.tuning[searched ? 1 : 0].params, r, wrong + static_cast<std::size_t>(r)));
    }
  }
  return records;
}

inline std::string bundle(const std::string& suite, const std::vector<Record>& records, const std::string& by = "Ann") {
  return bundle_text({"suites/tiny.toml", suite}, plan_of(suite), records, by);
}

inline Verification verified(const std::string& text) {
  return verify(parse_bundle(text, "tiny.bundle"), fake_catalogue());
}

/// The bundle of records as `change` leaves them.
inline Verification verified(const std::string& suite, const std::function<void(std::vector<Record>&)>& change) {
  std::vector<Record> records = honest(plan_of(suite));
  change(records);
  return verified(bundle(suite, records));
}

/// A bundle whose head and record lines `change` edits, with all digests made again: what a forger would do.
inline std::string forged(const std::string& text,
                          const std::function<void(Json&, std::vector<std::string>&)>& change) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  Json head = Json::parse(lines.front());
  lines = {lines.begin() + 1, lines.end() - 1};
  change(head, lines);
  head["records"] = Json::array();
  std::string body;
  for (const std::string& line : lines) {
    head["records"].push_back(sha256_hex(line));
    body += line + "\n";
  }
  head["suite"]["sha256"] = sha256_hex(head["suite"]["text"].get<std::string>());
  const std::string all = canonical(head) + "\n" + body;
  return all + canonical(Json{{"sha256", sha256_hex(all)}}) + "\n";
}

/// Names of the checks that found something.
inline std::set<std::string> failed(const Verification& verification) {
  std::set<std::string> names;
  for (const Check& check : verification.checks) {
    if (!check.violations.empty()) names.insert(check.name);
  }
  return names;
}

inline std::vector<std::string> violations(const Verification& verification, const std::string& name) {
  for (const Check& check : verification.checks) {
    if (check.name == name) return check.violations;
  }
  return {"no such check"};
}

}  // namespace scant::submission
