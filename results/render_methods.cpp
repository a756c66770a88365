// A comparison of methods as Markdown and as JSON.
#include <fmt/format.h>

#include <cmath>

#include "results/comparison.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string interval_text(const ConfidenceInterval& interval, int digits) {
  return fmt::format("[{}, {}]", decimal(interval.low, digits), decimal(interval.high, digits));
}

std::string p_text(double p) {
  return p < 0.0001 ? "< 0.0001" : decimal(p, 4);
}

Json pair_of(const ConfidenceInterval& interval) {
  return Json::array({interval.low, interval.high});
}

template <class T>
Json optional(const std::optional<T>& value) {
  if (!value) return Json();
  if constexpr (std::is_same_v<T, ConfidenceInterval>) {
    return pair_of(*value);
  } else {
    return *value;
  }
}

std::vector<std::vector<std::string>> clique_names(const MethodComparison& comparison) {
  std::vector<std::vector<std::string>> names;
  for (const auto& clique : comparison.cliques) {
    auto& group = names.emplace_back();
    for (const int method : clique) group.push_back(comparison.methods[static_cast<std::size_t>(method)].label);
  }
  return names;
}

std::string overall_text(const MethodComparison& comparison) {
  std::vector<std::vector<std::string>> rows;
  for (const MethodSummary& method : comparison.methods) {
    rows.push_back(
        {method.label, decimal(method.average_rank, 2), decimal(method.interquartile_mean, 3),
         interval_text(method.interquartile_interval, 3), method.improvement ? decimal(*method.improvement, 2) : "–",
         method.improvement ? interval_text(method.improvement_interval, 2) : "–",
         method.practical ? fmt::format("{} / {} / {}", decimal(method.practical->left, 2),
                                        decimal(method.practical->inside, 2), decimal(method.practical->right, 2))
                          : "–"});
  }
  const int level = static_cast<int>(100 * (1 - comparison.alpha) + 0.5);
  std::string text = markdown_grid({"Method", "Average rank", "Interquartile mean", fmt::format("{} %", level),
                                    "Beats reference", fmt::format("{} %", level), "Worse / same / better"},
                                   rows);
  text += fmt::format(
      "\nOver {} data set(s): {}. Scores normalised per data set: 0 is chance, 1 the mean of {}; \"beats reference\": "
      "probability that a run does. Intervals: stratified bootstrap over runs, {} replicates.",
      comparison.datasets.size(), fmt::join(comparison.datasets, ", "), comparison.reference, comparison.replicates);
  if (comparison.iman_davenport) {
    text += fmt::format(" Friedman's chi2 = {} (p {}), Iman and Davenport's F = {} (p {}).",
                        decimal(comparison.friedman.chi2, 2), p_text(comparison.friedman.p),
                        decimal(comparison.iman_davenport->f, 2), p_text(comparison.iman_davenport->p));
  }
  if (comparison.datasets.size() > 1) {
    text += fmt::format(
        " Worse / same / better: posterior chances over data sets against the reference, same within {} points "
        "(Bayesian signed ranks, {} draws).",
        decimal(comparison.rope, 1), comparison.replicates);
  }
  text += "\n";
  text += "\nNot separated by Wilcoxon's signed-rank test (exact, Holm over all pairs):\n\n";
  for (const auto& group : clique_names(comparison)) text += fmt::format("* {}\n", fmt::join(group, ", "));
  for (const std::string& reason : comparison.left_out) text += fmt::format("\nLeft out: {}.\n", reason);
  return text;
}

std::string against_text(const MethodComparison& comparison) {
  std::vector<std::vector<std::string>> rows;
  for (const AgainstReference& row : comparison.against) {
    rows.push_back({row.dataset, row.method, decimal(row.difference, 2), row.runs ? interval_text(*row.runs, 2) : "–",
                    row.p_adjusted ? p_text(*row.p_adjusted) : "–", row.detectable ? decimal(*row.detectable, 2) : "–",
                    row.items ? interval_text(*row.items, 2) : "–", row.mcnemar ? p_text(*row.mcnemar) : "–"});
  }
  return markdown_grid(
             {"Data set", "Method", "Difference", "over runs", "p", "detectable", "over test items", "McNemar's p"},
             rows) +
         fmt::format(
             "\nPoints against {}. Over runs: Welch's t, p adjusted ({}) over this table; detectable: the difference "
             "that as many "
             "runs show at 80 % power. Over test items: the first "
             "run "
             "of every split, paired bootstrap of balanced accuracy with {} replicates; McNemar: exact, the same "
             "runs.\n",
             comparison.reference, comparison.correction, comparison.replicates);
}

std::string spreads_text(const MethodComparison& comparison) {
  if (comparison.spreads.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const SpreadSources& row : comparison.spreads) {
    const VarianceComponents& parts = row.components;
    rows.push_back({row.dataset, row.method, decimal(std::sqrt(parts.var_seed), 2),
                    decimal(std::sqrt(parts.var_split), 2), decimal(parts.icc, 2), decimal(parts.standard_error, 2),
                    decimal(parts.naive_standard_error, 2)});
  }
  return "\n" +
         markdown_grid({"Data set", "Method", "sd over seeds", "sd over splits", "correlation in a split",
                        "standard error", "as if independent"},
                       rows) +
         "\nPoints. Random effects of split and seed; the standard error is that of the mean for new splits.\n";
}

}  // namespace

std::string MethodComparison::text() const {
  return fmt::format("## {}\n\n{}\n{}{}", title, overall_text(*this), against_text(*this), spreads_text(*this));
}

Json MethodComparison::to_json() const {
  Json summaries = Json::array(), rows = Json::array(), tests = Json::array();
  for (const MethodSummary& method : methods) {
    summaries.push_back(
        {{"method", method.label},
         {"average_rank", method.average_rank},
         {"interquartile_mean", method.interquartile_mean},
         {"interquartile_interval", pair_of(method.interquartile_interval)},
         {"probability_of_improvement", optional(method.improvement)},
         {"improvement_interval", method.improvement ? pair_of(method.improvement_interval) : Json()},
         {"worse_same_better",
          method.practical ? Json::array({method.practical->left, method.practical->inside, method.practical->right})
                           : Json()}});
  }
  for (const AgainstReference& row : against) {
    rows.push_back({{"dataset", row.dataset},
                    {"method", row.method},
                    {"difference", row.difference},
                    {"interval_over_runs", optional(row.runs)},
                    {"p_adjusted", optional(row.p_adjusted)},
                    {"detectable_difference", optional(row.detectable)},
                    {"interval_over_items", optional(row.items)},
                    {"mcnemar_p", optional(row.mcnemar)}});
  }
  for (std::size_t i = 0; i < pairs.pairs.size(); ++i) {
    const auto& [a, b] = pairs.pairs[i];
    tests.push_back(
        {{"methods", {methods[static_cast<std::size_t>(a)].label, methods[static_cast<std::size_t>(b)].label}},
         {"p", pairs.p[i]},
         {"p_adjusted", pairs.adjusted[i]},
         {"separated", static_cast<bool>(pairs.reject[i])}});
  }
  Json sources = Json::array();
  for (const SpreadSources& row : spreads) {
    sources.push_back({{"dataset", row.dataset},
                       {"method", row.method},
                       {"sd_seed", std::sqrt(row.components.var_seed)},
                       {"sd_split", std::sqrt(row.components.var_split)},
                       {"intraclass_correlation", row.components.icc},
                       {"standard_error", row.components.standard_error},
                       {"naive_standard_error", row.components.naive_standard_error}});
  }
  return {{"title", title},
          {"metric", metric},
          {"reference", reference},
          {"alpha", alpha},
          {"correction", correction},
          {"replicates", replicates},
          {"datasets", datasets},
          {"left_out", left_out},
          {"methods", summaries},
          {"friedman", {{"chi2", friedman.chi2}, {"p", friedman.p}}},
          {"iman_davenport", iman_davenport ? Json{{"f", iman_davenport->f}, {"p", iman_davenport->p}} : Json()},
          {"pairs", tests},
          {"not_separated", clique_names(*this)},
          {"against_reference", rows},
          {"rope", rope},
          {"spread_sources", sources}};
}

}  // namespace scant
