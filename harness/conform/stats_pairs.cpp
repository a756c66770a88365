// Two methods on one data set against reference numbers: independent samples, pairs, Bayesian signed rank.
#include <algorithm>
#include <map>

#include "harness/conform/golden_fields.hpp"
#include "harness/conform/stats.hpp"
#include "results/statistics.hpp"
#include "results/statistics/bayes.hpp"
#include "results/statistics/equivalence.hpp"
#include "results/statistics/paired.hpp"
#include "results/statistics/t_tests.hpp"
#include "results/statistics/two_sample.hpp"
#include "results/statistics/wilcoxon.hpp"

namespace scant {
namespace {

std::vector<double> list(const Json& golden, const char* key) {
  return golden.at(key).get<std::vector<double>>();
}

/// The part of `text` behind `prefix`, or "" if it begins otherwise.
std::string behind(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : "";
}

Json two_sample(const std::vector<double>& x, const std::vector<double>& y) {
  const Welch test = welch(x, y);
  const TTest pooled = student_t(x, y);
  const ConfidenceInterval interval = t_interval(welch_t(x, y), 0.05);
  const SpreadTest spread = brown_forsythe({x, y});
  return {{"mean_x", mean(x)},
          {"mean_y", mean(y)},
          {"std_x_ddof1", sample_sd(x)},
          {"std_y_ddof1", sample_sd(y)},
          {"welch_t", test.t},
          {"welch_df", test.degrees},
          {"welch_p_two_sided", test.p_two_sided},
          {"welch_p_greater", test.p_greater},
          {"student_t", pooled.t},
          {"student_p", pooled.p_two_sided},
          {"diff", pooled.difference},
          {"welch_ci95", {interval.low, interval.high}},
          {"mann_whitney_u", mann_whitney_u(x, y)},
          {"mann_whitney_p_asymptotic_cc", mann_whitney_p_normal(x, y)},
          {"mann_whitney_p_exact", mann_whitney_p_exact(x, y)},
          {"vargha_delaney_a12", vargha_delaney(x, y)},
          {"cohen_d", cohen_d(x, y)},
          {"hedges_g", hedges_g(x, y)},
          {"brown_forsythe_levene_median", {{"W", spread.f}, {"p", spread.p}}}};
}

Json two_one_sided(const Equivalence& test, const Json& margins) {
  return {{"low", margins.at("low")}, {"upp", margins.at("upp")}, {"p", test.p},
          {"t_lower", test.t_lower},  {"p_lower", test.p_lower},  {"t_upper", test.t_upper},
          {"p_upper", test.p_upper},  {"df", test.degrees}};
}

/// scipy ranks the differences as they are; the suite's exact p ranks rounded ones.
void signed_rank_tests(const std::vector<double>& x, const std::vector<double>& y, Json& got) {
  const std::vector<double> raw = paired_differences(x, y, 0), rounded = paired_differences(x, y);
  const std::map<std::string, Zeros> names{{"wilcox", Zeros::drop}, {"pratt", Zeros::pratt}, {"zsplit", Zeros::split}};
  for (const auto& [name, zeros] : names) {
    for (const bool continuity : {false, true}) {
      got["wilcoxon_" + name + (continuity ? "_approx_cc1" : "_approx_cc0")] = {
          {"W", signed_ranks(raw, zeros).statistic()}, {"p", wilcoxon_p_normal(raw, zeros, continuity)}};
    }
    const SignedRanks sums = signed_ranks(rounded, zeros);
    got["wilcoxon_" + name + "_exact_tie_aware"] = {
        {"r_plus", sums.plus}, {"r_minus", sums.minus}, {"p", wilcoxon_p_exact(rounded, zeros)}};
  }
  const SignedRanks dropped = signed_ranks(rounded, Zeros::drop);
  got["signed_rank_r_plus_minus"] = {dropped.plus, dropped.minus};
  if (std::find(raw.begin(), raw.end(), 0.0) == raw.end()) {
    got["wilcoxon_exact"] = {{"W", signed_ranks(raw, Zeros::drop).statistic()}, {"p", wilcoxon_p_untied(raw)}};
  }
}

/// `runs` repetitions of cross-validation, whose differences are `differences`.
Json corrected(const std::vector<double>& differences, double runs, double rope) {
  const auto n = static_cast<double>(differences.size());
  const double ratio = 1 / (n / runs - 1);
  const TTest test = corrected_t(differences, ratio);
  const RopeShares shares = correlated_t_posterior(differences, ratio, rope);
  const RopeShares halves = correlated_t_posterior(differences, ratio, 0);
  return {{"n", n},
          {"nfolds", n / runs},
          {"mean_diff_y_minus_x", test.difference},
          {"var_corrected", test.standard_error * test.standard_error},
          {"df", test.degrees},
          {"t", test.t},
          {"p_two_sided", test.p_two_sided},
          {"bayes_left_rope_right", {shares.left, shares.inside, shares.right}},
          {"rope", rope},
          {"bayes_no_rope", {halves.left, halves.right}}};
}

Json pair(const Json& golden) {
  const std::vector<double> x = list(golden, "x"), y = list(golden, "y"), differences = paired_differences(x, y);
  const TTest test = paired_t(paired_differences(x, y, 0));
  const SignTest signs = sign_test(differences);
  Json got;
  got["paired_t"] = {{"t", test.t}, {"df", test.degrees}, {"p", test.p_two_sided}};
  got["sign_test"] = {{"n_pos", signs.positive}, {"n_neg", signs.negative}, {"p_two_sided", signs.p_two_sided}};
  signed_rank_tests(x, y, got);
  for (const auto& [key, value] : golden.items()) {
    if (const std::string runs = behind(key, "corrected_t_runs"); !runs.empty()) {
      got[key] = corrected(paired_differences(y, x, 0), std::stod(runs), value.at("rope").get<double>());
    }
    if (value.is_object() && value.contains("note") && got.contains(key)) got[key]["note"] = value.at("note");
  }
  return got;
}

}  // namespace

void check_two_samples(const Json& golden, Comparison& compare) {
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const Json& record = golden[i];
    const std::vector<double> x = list(record, "x"), y = list(record, "y");
    Json got = two_sample(x, y);
    if (record.contains("tost_unequal")) {
      const Json& margins = record.at("tost_unequal");
      got["tost_unequal"] = two_one_sided(equivalence(x, y, margins.at("low"), margins.at("upp")), margins);
    }
    compare_fields(compare, "two_sample[" + std::to_string(i) + "]", got, record, {"x", "y", "kind", "note"});
  }
}

void check_pairs(const Json& golden, Comparison& compare) {
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const Json& record = golden[i];
    Json got = pair(record);
    if (record.contains("tost_paired")) {
      const Json& margins = record.at("tost_paired");
      got["tost_paired"] = two_one_sided(
          paired_equivalence(list(record, "x"), list(record, "y"), margins.at("low"), margins.at("upp")), margins);
    }
    compare_fields(compare, "paired[" + std::to_string(i) + "]", got, record, {"x", "y", "kind", "note"});
  }
}

void check_bayes_signed_rank(const Json& golden, Comparison& compare) {
  // The pseudo-observation comes first; the reference's differences are second minus first, not rounded.
  std::vector<double> values{0};
  for (const double d : paired_differences(list(golden, "y"), list(golden, "x"), 0)) values.push_back(d);
  Json got;
  for (const Json& weights : golden.at("dirichlet_weights")) {
    const RopeShares theta =
        weighted_pair_shares(values, weights.get<std::vector<double>>(), golden.at("rope").get<double>());
    got["theta_left_rope_right"].push_back({theta.left, theta.inside, theta.right});
  }
  compare_fields(compare, "bayes_signed_rank", got, golden,
                 {"x", "y", "rope", "prior_strength", "dirichlet_weights", "note"});
}

}  // namespace scant
