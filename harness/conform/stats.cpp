// Statistical tests against reference numbers: the file's sections, and the short ones themselves.
#include "harness/conform/stats.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "harness/conform/golden_fields.hpp"
#include "results/statistics/multiplicity.hpp"
#include "results/statistics/paired.hpp"
#include "results/statistics/proportions.hpp"
#include "results/statistics/variance_components.hpp"

namespace scant {
namespace {

void check_multiplicity(const Json& golden, Comparison& compare) {
  const std::map<std::string, Adjustment> names{{"bonferroni", Adjustment::bonferroni},
                                                {"sidak", Adjustment::sidak},
                                                {"holm", Adjustment::holm},
                                                {"holm_sidak", Adjustment::holm_sidak},
                                                {"simes_hochberg", Adjustment::hochberg},
                                                {"hommel", Adjustment::hommel},
                                                {"fdr_bh", Adjustment::benjamini_hochberg},
                                                {"fdr_by", Adjustment::benjamini_yekutieli}};
  Json got;
  for (const auto& [name, adjustment] : names) {
    const std::vector<double> p = adjusted(golden.at("p").get<std::vector<double>>(), adjustment);
    got[name]["adjusted"] = p;
    for (const double value : p) got[name]["reject"].push_back(value <= golden.at("alpha").get<double>());
  }
  compare_fields(compare, "multiplicity", got, golden, {"p", "alpha", "note"});
}

void check_mcnemar(const Json& golden, Comparison& compare) {
  const Json& table = golden.at("table");
  const McNemar test = mcnemar(table.at(0).at(1).get<long>(), table.at(1).at(0).get<long>());
  Json got;
  got["exact"] = {{"stat", std::min(test.first_only, test.second_only)}, {"p", test.p_exact}};
  got["chi2_cc"] = {{"stat", test.chi2_corrected}, {"p", test.p_chi2_corrected}};
  got["chi2"] = {{"stat", test.chi2}, {"p", test.p_chi2}};
  compare_fields(compare, "mcnemar", got, golden, {"table", "note"});
}

void check_proportion(const Json& golden, Comparison& compare) {
  const std::map<std::string, ProportionRule> names{{"normal", ProportionRule::wald},
                                                    {"wilson", ProportionRule::wilson},
                                                    {"beta", ProportionRule::clopper_pearson},
                                                    {"agresti_coull", ProportionRule::agresti_coull},
                                                    {"jeffreys", ProportionRule::jeffreys}};
  Json got;
  for (const auto& [name, rule] : names) {
    const ConfidenceInterval interval =
        proportion_interval(golden.at("k").get<long>(), golden.at("n").get<long>(), 0.05, rule);
    got[name] = {interval.low, interval.high};
  }
  compare_fields(compare, "proportion", got, golden, {"k", "n", "note"});
}

void check_components(const Json& golden, Comparison& compare) {
  const VarianceComponents parts =
      variance_components(golden.at("scores_rows_are_splits").get<std::vector<std::vector<double>>>());
  const Json got{{"grand_mean", parts.grand_mean},
                 {"ms_between", parts.ms_between},
                 {"ms_within", parts.ms_within},
                 {"F", parts.f},
                 {"p", parts.p},
                 {"var_seed", parts.var_seed},
                 {"var_split_unbiased", parts.var_split_unbiased},
                 {"icc1", parts.icc},
                 {"se_grand_mean_nested", parts.standard_error},
                 {"se_pooled_naive", parts.naive_standard_error}};
  compare_fields(compare, "variance_components", got, golden, {"scores_rows_are_splits", "note"});
}

void check_stats(const GoldenFile&, const Json& golden, Comparison& compare) {
  const std::map<std::string, std::function<void(const Json&, Comparison&)>> sections{
      {"two_sample", check_two_samples},
      {"paired", check_pairs},
      {"bayes_signed_rank", check_bayes_signed_rank},
      {"multiplicity", check_multiplicity},
      {"friedman_nemenyi", check_many_methods},
      {"studentized_range_q_over_sqrt2", check_range_quantiles},
      {"mcnemar", check_mcnemar},
      {"proportion_ci_95", check_proportion},
      {"variance_components_splits_x_seeds", check_components}};
  for (const auto& [key, section] : golden.items()) {
    if (key == "reference") continue;
    compare.set_tolerance(kNineDigits);
    if (const auto found = sections.find(key); found != sections.end()) {
      found->second(section, compare);
    } else {
      compare.check("an unknown section: " + key, false);
    }
  }
}

}  // namespace

const RegisterKind statistical_tests{{"statistical tests",
                                      [](const GoldenFile& file, const Json& golden) {
                                        return file.stem == "stats" && golden.contains("two_sample") &&
                                               golden.contains("paired");
                                      },
                                      check_stats}};

}  // namespace scant
