// Runs all checks over a bundle and words what they found.
#include "results/leaderboard/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "results/leaderboard/checks.hpp"

namespace scant {
namespace {

/// Reads the suite and makes its plan; what stands in the way is the check's violation.
Check check_suite(const Bundle& bundle, const Catalogue& catalogue, Verification& result) {
  Check check{"suite", "", {}};
  try {
    result.suite = parse_suite(bundle.suite.text, bundle.suite.file, catalogue);
    result.plan = make_plan(*result.suite, catalogue);
    check.detail = fmt::format("{}: {} data sets, {} methods", result.suite->name, result.suite->datasets.size(),
                               result.suite->methods.size());
  } catch (const InputError& error) {
    check.violations.push_back(fmt::format("this program cannot read the suite's text: {}", error.what()));
  }
  return check;
}

}  // namespace

bool Verification::valid() const {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.violations.empty(); });
}

Json Verification::to_json() const {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back({{"name", check.name},
                    {"ok", check.violations.empty()},
                    {"detail", check.detail},
                    {"violations", check.violations}});
  }
  return {{"by", by},       {"sha256", digest}, {"valid", valid()}, {"complete", complete()},
          {"holes", holes}, {"checks", list}};
}

std::string Verification::text() const {
  std::string text;
  for (const Check& check : checks) {
    const std::string found = check.violations.empty()       ? check.detail
                              : check.violations.size() == 1 ? "1 violation"
                                                             : fmt::format("{} violations", check.violations.size());
    text += fmt::format("{:<5}{:<12}{}\n", check.violations.empty() ? "ok" : "FAIL", check.name, found);
    for (const std::string& violation : check.violations) text += "       " + violation + "\n";
  }
  for (const std::string& hole : holes) text += "hole " + hole + "\n";
  return text;
}

Verification verify(const Bundle& bundle, const Catalogue& catalogue) {
  Verification result;
  result.by = bundle.by;
  result.digest = bundle.digest;
  const Check suite = check_suite(bundle, catalogue, result);
  const Evidence evidence(bundle, result.plan);
  result.checks = {check_digests(evidence), check_signature(evidence), suite};
  if (result.suite) {  // without a plan there is nothing that these could say
    result.checks.push_back(check_plan(evidence, result.holes));
    result.checks.push_back(check_budget(evidence));
    result.checks.push_back(check_tuning(evidence));
  }
  for (const auto check : {check_openings, check_metrics, check_data, check_environment}) {
    result.checks.push_back(check(evidence));
  }
  return result;
}

}  // namespace scant
