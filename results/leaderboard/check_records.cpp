// Checks of what stands in single records: digests, scores, data, versions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "harness/core/metrics.hpp"
#include "results/environment.hpp"
#include "results/leaderboard/checks.hpp"

namespace scant {
namespace {

constexpr double rounding = 1e-12;
constexpr int most_classes = 10'000;  // a confusion matrix of this size can be counted

/// The metrics of the stored predictions against the stored ones.
void check_score(const TestScore& score, const std::string& name, std::vector<std::string>& violations) {
  if (score.truth.empty() || score.truth.size() != score.predicted.size()) {
    violations.push_back(
        fmt::format("{}: {} predictions for {} test labels", name, score.predicted.size(), score.truth.size()));
    return;
  }
  int most = 0;
  for (const auto* labels : {&score.truth, &score.predicted}) {
    const auto [low, high] = std::minmax_element(labels->begin(), labels->end());
    most = std::max(most, *high);
    if (*low >= 0 && *high < most_classes) continue;
    violations.push_back(fmt::format("{}: a label outside 0 to {}", name, most_classes - 1));
    return;
  }
  const auto compare = [&](const char* metric, double stored, double computed) {
    if (std::abs(stored - computed) <= rounding) return;  // false for NaN too
    violations.push_back(fmt::format("{}: {} is {} by its predictions, {} is stored", name, metric, computed, stored));
  };
  compare("accuracy", score.accuracy, accuracy(score.truth, score.predicted));
  compare("balanced accuracy", score.balanced_accuracy, balanced_accuracy(score.truth, score.predicted, most + 1));
}

}  // namespace

Evidence::Evidence(const Bundle& from, const Plan& of)
    : bundle(from), plan(of), studies(records_by_study(of, from.records)) {
  for (const Study& study : of.studies) names[study.id()] = study.name();
}

std::string Evidence::name_of(const Record& record) const {
  const Trial& trial = record.trial;
  const auto known = names.find(record.study);
  const std::string study =
      known == names.end() ? fmt::format("{}/{}/{}", trial.dataset, trial.split, trial.method) : known->second;
  return fmt::format("{}: {} {}", study, trial.stage == Stage::tune ? "tuning trial" : "final run", trial.index);
}

Check check_digests(const Evidence& evidence) {
  return {"digests",
          fmt::format("suite, {} records and the whole file, {}", evidence.bundle.records.size(),
                      evidence.bundle.digest.substr(0, 12)),
          evidence.bundle.damage};
}

Check check_signature(const Evidence& evidence) {
  Check check{"signed off", "by " + evidence.bundle.by, {}};
  if (evidence.bundle.by.empty()) check.violations.emplace_back("nobody's name is on it");
  if (evidence.bundle.statement != submitters_statement()) {
    check.violations.push_back(
        fmt::format("the statement is not the one that a submitter makes: \"{}\"", evidence.bundle.statement));
  }
  return check;
}

Check check_environment(const Evidence& evidence) {
  Check check{"environment", "", {}};
  std::vector<const Record*> records;
  for (const Record& record : evidence.bundle.records) records.push_back(&record);
  const Json common = common_environment(records);
  if (common != evidence.bundle.environment) {
    check.violations.push_back(fmt::format("the records agree on \"{}\", the head says \"{}\"",
                                           environment_text(common), environment_text(evidence.bundle.environment)));
  }
  check.detail = environment_text(common);
  for (const std::string& mixed : mixed_environment(records)) check.detail += "; " + mixed;
  return check;
}

Check check_metrics(const Evidence& evidence) {
  Check check{"metrics", "", {}};
  int scored = 0;
  for (const Record& record : evidence.bundle.records) {
    if (!record.test) continue;
    ++scored;
    check_score(*record.test, evidence.name_of(record), check.violations);
  }
  check.detail = fmt::format("accuracy and balanced accuracy of {} final runs follow from their predictions", scored);
  return check;
}

Check check_data(const Evidence& evidence) {
  Check check{"data", "", {}};
  std::map<std::tuple<std::string, std::string, int>, const Record*> first;  // by data set, options and split
  for (const Record& record : evidence.bundle.records) {
    const std::string name = evidence.name_of(record);
    const bool known = !record.data_digest.empty() && !record.split_digest.empty();
    if (!known) {  // as of a trial that never began
      if (record.test) check.violations.push_back(fmt::format("{}: no digest of images or split", name));
      continue;
    }
    const Trial& trial = record.trial;
    const Record*& base = first[{trial.dataset, canonical(trial.dataset_options), trial.split}];
    if (!base) base = &record;
    const auto compare = [&](const char* what, const std::string& value, const std::string& expected) {
      if (value == expected) return;
      check.violations.push_back(fmt::format("{}: the digest of the {} is {}, elsewhere in the bundle {}", name, what,
                                             value.substr(0, 12), expected.substr(0, 12)));
    };
    compare("images", record.data_digest, base->data_digest);
    compare("split", record.split_digest, base->split_digest);
    if (!record.test) continue;
    if (!base->test) base = &record;
    if (record.test->truth != base->test->truth) {
      check.violations.push_back(fmt::format("{}: other test labels than {}", name, evidence.name_of(*base)));
    }
  }
  check.detail = fmt::format("one digest of images, split and test labels for each of {} splits", first.size());
  return check;
}

}  // namespace scant
