// Comparing methods over data sets and on each of them.
#include "results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/core/error.hpp"
#include "results/metric.hpp"
#include "results/select.hpp"
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

/// The first scored run of every split, by data set's and method's label.
using FirstRuns = std::map<std::pair<std::string, std::string>, std::vector<const TestScore*>>;

FirstRuns first_runs(const Plan& plan, const std::vector<Record>& records) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  FirstRuns runs;
  for (const Study& study : plan.studies) {
    const auto found = by_study.find(study.id());
    if (found == by_study.end()) continue;
    const Selection selection = select(study, found->second);
    if (selection.finals.empty() || !selection.finals.front().hole.empty()) continue;
    runs[{study.dataset.label, study.method.label}].push_back(&*selection.finals.front().record->test);
  }
  return runs;
}

int classes_in(const std::vector<int>& truth) {
  return static_cast<int>(std::set<int>(truth.begin(), truth.end()).size());
}

std::size_t reference_row(const Table& table) {
  std::size_t row = 0;
  while (table.rows[row].label != table.reference) ++row;
  return row;
}

/// Why a data set cannot count over data sets; "" if it can. `runs`: of the data sets that count already, 0 for none.
std::string obstacle(const Table& table, std::size_t column, int runs, const FirstRuns& first) {
  const Cell& base = table.rows[reference_row(table)].cells[column];
  for (const Row& row : table.rows) {
    const Cell& cell = row.cells[column];
    if (cell.n != cell.expected || cell.n == 0) return fmt::format("runs of {} are missing", row.label);
    if (cell.n != base.n) return "methods have different numbers of runs";
  }
  if (runs > 0 && base.n != runs) return fmt::format("{} runs, not {} as before", base.n, runs);
  const auto found = first.find({table.columns[column], table.reference});
  if (found == first.end() || found->second.front()->truth.empty()) return "no predictions are stored";
  if (*base.mean <= 100.0 / classes_in(found->second.front()->truth)) return "the reference is not above chance";
  return {};
}

/// [run][data set] of one row, normalised.
RunScores normalised(const Table& table, std::size_t row, const std::vector<std::size_t>& columns,
                     const FirstRuns& first) {
  const std::size_t reference = reference_row(table);
  RunScores scores(table.rows[row].cells[columns.front()].runs.size());
  for (const std::size_t c : columns) {
    const double chance = 100.0 / classes_in(first.at({table.columns[c], table.reference}).front()->truth);
    for (std::size_t n = 0; n < scores.size(); ++n) {
      scores[n].push_back(
          normalised_score(table.rows[row].cells[c].runs[n], chance, *table.rows[reference].cells[c].mean));
    }
  }
  return scores;
}

void add_summaries(Comparison& result, const Table& table, const std::vector<std::size_t>& columns,
                   const FirstRuns& first, std::uint64_t seed, int threads) {
  const RunScores base = normalised(table, reference_row(table), columns, first);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const RunScores scores = normalised(table, r, columns, first);
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

void add_ranks(Comparison& result, const Table& table, const std::vector<std::size_t>& columns) {
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

void add_spreads(Comparison& result, const Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (const Row& row : table.rows) {
      const auto scores = scores_by_split(row.cells[c]);
      if (!scores) continue;
      result.spreads.push_back({table.columns[c], row.label, variance_components(*scores)});
    }
  }
}

void add_against(Comparison& result, const Table& table, const FirstRuns& first, std::uint64_t seed, int threads) {
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

Comparison compare(const Table& table, const Plan& plan, const std::vector<Record>& records, std::uint64_t seed,
                   int replicates, int threads, double rope) {
  if (table.rows.size() < 2) throw InputError("a comparison needs at least two methods");
  if (!metric_of(table.metric).accuracy) {
    throw InputError(fmt::format("a comparison over data sets needs an accuracy, not {}", table.metric));
  }
  Comparison result;
  result.title = table.title;
  result.metric = table.metric;
  result.reference = table.reference;
  result.correction = table.correction;
  result.alpha = table.alpha;
  result.replicates = replicates;
  result.rope = rope;
  const FirstRuns first = first_runs(plan, records);
  std::vector<std::size_t> columns;
  int runs = 0;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string reason = obstacle(table, c, runs, first);
    if (!reason.empty()) {
      result.left_out.push_back(table.columns[c] + ": " + reason);
      continue;
    }
    runs = table.rows.front().cells[c].n;
    columns.push_back(c);
    result.datasets.push_back(table.columns[c]);
  }
  if (columns.empty()) throw InputError("no data set can be compared: " + result.left_out.front());
  add_ranks(result, table, columns);
  add_summaries(result, table, columns, first, seed, threads);
  add_against(result, table, first, seed, threads);
  add_spreads(result, table);
  return result;
}

}  // namespace scant
