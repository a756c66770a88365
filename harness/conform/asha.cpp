// ASHA against reference logs: rungs, every decision with its cutoff, and the winner.
#include "harness/core/asha.hpp"

#include <algorithm>
#include <cmath>

#include "harness/conform/conform.hpp"
#include "harness/core/winner.hpp"

namespace scant {
namespace {

// The files state no tolerance: cutoffs are means of two recorded values.
constexpr Tolerance kCutoff{1e-12, 1e-12};

Json optional(const std::optional<int>& value) {
  return value ? Json(*value) : Json();
}

double number(const Json& value) {
  return value.is_null() ? std::nan("") : value.get<double>();
}

int count(const Json& inputs, const char* key) {
  return inputs.at(key).get<int>();
}

void check_rungs(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& inputs = golden.at("inputs");
  std::vector<int> epochs =
      rungs(count(inputs, "grace_period"), count(inputs, "max_t"), count(inputs, "reduction_factor"));
  std::reverse(epochs.begin(), epochs.end());
  compare.exact("rungs", epochs, golden.at("expected").at("rungs_descending"));
}

void check_log(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const int max_epochs = count(inputs, "max_t");
  Asha asha(count(inputs, "grace_period"), max_epochs, count(inputs, "reduction_factor"));
  // Where smaller is better, the scheduler sees negated values; so do we.
  const double sign = inputs.value("mode", "max") == "min" ? -1 : 1;
  compare.set_tolerance(kCutoff);
  std::vector<TrialReport> reports;
  int line = 0;
  for (const Json& entry : expected.at("log")) {
    const int trial = entry.at("trial").get<int>(), epoch = entry.at("iteration").get<int>();
    const double value = sign * number(entry.at("metric"));
    const Asha::Decision decision = asha.report(trial, epoch, value);
    reports.push_back({trial, epoch, value});
    const std::string at = "log[" + std::to_string(line++) + "].";
    const std::string word = !decision.stop ? "continue" : epoch >= max_epochs ? "stop(max_t)" : "stop";
    compare.exact(at + "decision", word, entry.at("decision"));
    compare.exact(at + "rung", optional(decision.rung), entry.at("rung"));
    const double cutoff = decision.cutoff ? sign * *decision.cutoff : std::nan("");
    compare.number(at + "cutoff_before", cutoff, entry.at("cutoff_before"));
  }
  if (expected.contains("best_trial_by_last_reported_metric")) {
    compare.exact("winner", optional(winning_trial(reports, "last")),
                  expected.at("best_trial_by_last_reported_metric"));
  }
}

bool expects(const Json& golden, const char* key) {
  return golden.contains("expected") && golden.at("expected").contains(key);
}

}  // namespace

const RegisterKind asha_rungs{{"asha rungs",
                               [](const GoldenFile& file, const Json& golden) {
                                 return file.stem == "asha" && expects(golden, "rungs_descending");
                               },
                               check_rungs}};
const RegisterKind asha_log{
    {"asha decisions",
     [](const GoldenFile& file, const Json& golden) { return file.stem == "asha" && expects(golden, "log"); },
     check_log}};

}  // namespace scant
