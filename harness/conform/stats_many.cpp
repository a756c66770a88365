// Many methods on many data sets against reference numbers: Friedman, Nemenyi, Wilcoxon-Holm and what they group.
#include <algorithm>

#include "harness/conform/golden_fields.hpp"
#include "harness/conform/stats.hpp"
#include "results/statistics/friedman.hpp"
#include "results/statistics/pairwise.hpp"

namespace scant {
namespace {

constexpr Tolerance kRangeP{1e-9, 1e-6}, kRangeQuantile{1e-11, 1e-7};

/// The number that ends a key such as "bonferroni_dunn_0.05".
double alpha_of(const std::string& key) {
  return std::stod(key.substr(key.rfind('_') + 1));
}

Json ranks(const Friedman& test) {
  const auto form = [&test](double chi2) {
    const ImanDavenport f = iman_davenport(chi2, test.datasets, test.methods);
    return Json{{"F", f.f}, {"df1", f.df1}, {"df2", f.df2}, {"p", f.p}};
  };
  return {{"n_datasets", test.datasets},
          {"k_methods", test.methods},
          {"average_ranks", test.average_ranks},
          {"friedman_chi2_tie_corrected", test.chi2},
          {"friedman_p", test.p},
          {"friedman_chi2_uncorrected", test.chi2_uncorrected},
          {"friedman_p_uncorrected", test.p_uncorrected},
          {"iman_davenport_from_uncorrected", form(test.chi2_uncorrected)},
          {"iman_davenport_from_tie_corrected", form(test.chi2)}};
}

/// Methods near no other are runs of their own for us; a file may leave them out.
Json groups(const Friedman& test, double alpha, const Json& expected) {
  const bool lists_single =
      std::any_of(expected.begin(), expected.end(), [](const Json& group) { return group.size() == 1; });
  auto runs = rank_groups(test.average_ranks, nemenyi_critical_difference(alpha, test.datasets, test.methods));
  if (!lists_single) std::erase_if(runs, [](const auto& run) { return run.size() == 1; });
  return runs;
}

void check_nemenyi(const Friedman& test, const std::string& at, const Json& golden, Comparison& compare) {
  Json quantiles, p;
  for (const auto& [alpha, expected] : golden.at("nemenyi").items()) {
    quantiles[alpha] = {
        {"q_alpha", nemenyi_quantile(std::stod(alpha), test.methods)},
        {"critical_difference", nemenyi_critical_difference(std::stod(alpha), test.datasets, test.methods)}};
  }
  for (const double a : test.average_ranks) {
    Json row;
    for (const double b : test.average_ranks) row.push_back(nemenyi_p(a - b, test.datasets, test.methods));
    p.push_back(row);
  }
  compare.set_tolerance(kRangeQuantile);
  compare_fields(compare, at + ".nemenyi", quantiles, golden.at("nemenyi"));
  compare.set_tolerance(kRangeP);
  compare_fields(compare, at + ".nemenyi_p", p, golden.at("nemenyi_p"));
  compare.set_tolerance(kNineDigits);
}

void check_pairwise(const std::vector<std::vector<double>>& scores, const std::string& at, const Json& golden,
                    Comparison& compare) {
  const PairwiseTests reference = pairwise_wilcoxon(scores, 0.05, PairRule::scipy);
  const Json got{{"pairs", reference.pairs},
                 {"p_raw", reference.p},
                 {"p_holm", reference.adjusted},
                 {"reject", reference.reject},
                 {"p_exact_tie_aware", pairwise_wilcoxon(scores, 0.05).p}};
  Json expected = golden.at("wilcoxon_pratt_holm");
  // The reference lets an adjusted p exceed 1.
  for (Json& p : expected.at("p_holm")) p = std::min(1.0, p.get<double>());
  compare_fields(compare, at + ".wilcoxon_pratt_holm", got, expected, {"scipy_branch", "note"});
  const auto methods = static_cast<int>(scores.at(0).size());
  compare_fields(compare, at + ".cliques", maximal_cliques(reference, methods),
                 golden.at("wilcoxon_holm_maximal_cliques"));
}

}  // namespace

void check_many_methods(const Json& golden, Comparison& compare) {
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const Json& record = golden[i];
    const std::string at = "friedman_nemenyi[" + std::to_string(i) + "]";
    const auto scores = record.at("scores").get<std::vector<std::vector<double>>>();
    const Friedman test = friedman(scores);
    Json got = ranks(test);
    for (const auto& [key, expected] : record.items()) {
      if (key.starts_with("nemenyi_groups_")) got[key] = groups(test, alpha_of(key), expected);
      if (!key.starts_with("bonferroni_dunn_")) continue;
      const double alpha = alpha_of(key);
      got[key] = {{"q", bonferroni_dunn_quantile(alpha, test.methods)},
                  {"critical_difference", bonferroni_dunn_critical_difference(alpha, test.datasets, test.methods)}};
    }
    compare_fields(compare, at, got, record,
                   {"scores", "note", "nemenyi", "nemenyi_p", "wilcoxon_pratt_holm", "wilcoxon_holm_maximal_cliques"});
    check_nemenyi(test, at, record, compare);
    check_pairwise(scores, at, record, compare);
  }
}

void check_range_quantiles(const Json& golden, Comparison& compare) {
  compare.set_tolerance(kRangeQuantile);
  Json got;
  for (const auto& [alpha, quantiles] : golden.items()) {
    for (const auto& [methods, q] : quantiles.items()) {
      got[alpha][methods] = nemenyi_quantile(std::stod(alpha), std::stoi(methods));
    }
  }
  compare_fields(compare, "studentized_range", got, golden);
}

}  // namespace scant
