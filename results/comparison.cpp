// Comparing methods over data sets and on each of them.
#include "results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "results/metric.hpp"
#include "results/normalised.hpp"
#include "results/significance.hpp"
#include "results/statistics.hpp"
#include "results/statistics/bootstrap.hpp"
#include "results/statistics/bootstrap_counts.hpp"
#include "results/statistics/paired.hpp"
#include "results/statistics/power.hpp"
#include "results/statistics/rliable.hpp"
#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

void add_summaries(MethodComparison& result, const Table& table, const std::vector<std::size_t>& columns,
                   const FirstRuns& first, std::uint64_t seed, int threads) {
  const RunScores base = normalised_scores(table, reference_row(table), columns, first);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const RunScores scores = normalised_scores(table, r, columns, first);
    MethodSummary& method = result.methods.emplace_back();
    method.label = table.rows[r].label;
    method.average_rank = result.friedman.average_ranks[r];
    method.interquartile_mean = interquartile_mean(scores);
    method.interquartile_interval = percentile_interval(
        stratified_bootstrap(scores, interquartile_mean, result.replicates, seed, threads), result.alpha);
    if (method.label == table.reference) continue;
    if (columns.size() > 1) {
      std::vector<double> differences;
      for (const std::size_t c : columns) {
        differences.push_back(*table.rows[r].cells[c].mean - *table.rows[reference_row(table)].cells[c].mean);
      }
      constexpr double prior_strength = 0.5;  // half a data set without a difference
      method.practical = bayesian_signed_rank(differences, result.rope, prior_strength, result.replicates, seed);
    }
    method.improvement = probability_of_improvement(scores, base);
    method.improvement_interval = percentile_interval(
        stratified_bootstrap(scores, base, probability_of_improvement, result.replicates, seed, threads), result.alpha);
  }
}

void add_ranks(MethodComparison& result, const Table& table, const std::vector<std::size_t>& columns) {
  std::vector<std::vector<double>> means;
  for (const std::size_t c : columns) {
    auto& row = means.emplace_back();
    for (const Row& method : table.rows) row.push_back(*method.cells[c].mean);
  }
  result.friedman = friedman(means);
  if (columns.size() > 1) {
    result.iman_davenport = iman_davenport(result.friedman.chi2, result.friedman.datasets, result.friedman.methods);
  }
  result.pairs = pairwise_wilcoxon(means, result.alpha);
  result.cliques = maximal_cliques(result.pairs, static_cast<int>(table.rows.size()));
}

/// ConfidenceInterval of the mean over splits of the difference in balanced accuracy, and McNemar's p.
void add_items(AgainstReference& row, const std::vector<const TestScore*>& method,
               const std::vector<const TestScore*>& base, const BootstrapPlan& plan) {
  if (method.size() != base.size() || method.empty()) return;
  std::vector<double> difference(static_cast<std::size_t>(plan.replicates));
  long method_only = 0, base_only = 0;
  for (std::size_t s = 0; s < method.size(); ++s) {
    if (method[s]->truth.empty() || method[s]->truth != base[s]->truth) return;
    const auto resampled = paired_bootstrap(method[s]->truth, method[s]->predicted, base[s]->predicted, plan);
    for (std::size_t b = 0; b < difference.size(); ++b) {
      difference[b] += 100 * resampled.difference[b] / static_cast<double>(method.size());
    }
    const McNemar right = mcnemar(method[s]->truth, method[s]->predicted, base[s]->predicted);
    method_only += right.first_only;
    base_only += right.second_only;
  }
  row.items = percentile_interval(difference, plan.alpha);
  row.mcnemar = mcnemar(method_only, base_only).p_exact;
}

/// The smallest difference that two groups like these show at 80 % power; for unequal sizes that of the smaller one.
double detectable_difference(const std::vector<double>& a, const std::vector<double>& b, double alpha) {
  const double variance = (sample_sd(a) * sample_sd(a) + sample_sd(b) * sample_sd(b)) / 2;
  const auto runs = static_cast<double>(std::min(a.size(), b.size()));
  constexpr double power = 0.8;
  return two_sample_detectable(runs, power, alpha) * std::sqrt(variance);
}

void add_spreads(MethodComparison& result, const Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (const Row& row : table.rows) {
      const auto scores = scores_by_split(row.cells[c]);
      if (!scores) continue;
      result.spreads.push_back({table.columns[c], row.label, variance_components(*scores)});
    }
  }
}

void add_against(MethodComparison& result, const Table& table, const FirstRuns& first, std::uint64_t seed,
                 int threads) {
  const Row& base = table.rows[reference_row(table)];
  const BootstrapPlan plan{.replicates = result.replicates,
                           .seed = seed,
                           .alpha = result.alpha,
                           .within_classes = false,
                           .threads = threads};
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (const Row& row : table.rows) {
      const Cell &cell = row.cells[c], &reference = base.cells[c];
      if (&row == &base || !cell.mean || !reference.mean) continue;
      AgainstReference& line = result.against.emplace_back();
      line.dataset = table.columns[c];
      line.method = row.label;
      line.difference = *cell.mean - *reference.mean;
      line.p_adjusted = cell.p_adjusted;
      if (cell.p_value) {
        line.runs = t_interval(welch_t(cell.runs, reference.runs), result.alpha);
        line.detectable = detectable_difference(cell.runs, reference.runs, result.alpha);
      }
      const auto ours = first.find({line.dataset, line.method}), theirs = first.find({line.dataset, table.reference});
      if (ours != first.end() && theirs != first.end()) add_items(line, ours->second, theirs->second, plan);
    }
  }
}

}  // namespace

MethodComparison compare(const Table& table, const Plan& plan, const std::vector<Record>& records, std::uint64_t seed,
                         int replicates, int threads, double rope) {
  if (table.rows.size() < 2) throw InputError("a comparison needs at least two methods");
  if (!metric_of(table.metric).accuracy) {
    throw InputError(fmt::format("a comparison over data sets needs an accuracy, not {}", table.metric));
  }
  MethodComparison result;
  result.title = table.title;
  result.metric = table.metric;
  result.reference = table.reference;
  result.correction = table.correction;
  result.alpha = table.alpha;
  result.replicates = replicates;
  result.rope = rope;
  const FirstRuns first = first_runs(plan, records);
  const Comparable comparable = comparable_columns(table, first);
  const std::vector<std::size_t>& columns = comparable.columns;
  result.left_out = comparable.left_out;
  for (const std::size_t c : columns) result.datasets.push_back(table.columns[c]);
  if (columns.empty()) throw InputError("no data set can be compared: " + result.left_out.front());
  add_ranks(result, table, columns);
  add_summaries(result, table, columns, first, seed, threads);
  add_against(result, table, first, seed, threads);
  add_spreads(result, table);
  return result;
}

}  // namespace scant
