// Picks the data sets that count and normalises their scores.
#include "results/normalised.hpp"

#include <fmt/format.h>

#include <set>

#include "results/select.hpp"

namespace scant {
namespace {

int classes_in(const std::vector<int>& truth) {
  return static_cast<int>(std::set<int>(truth.begin(), truth.end()).size());
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

}  // namespace

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

std::size_t reference_row(const Table& table) {
  std::size_t row = 0;
  while (table.rows[row].label != table.reference) ++row;
  return row;
}

Comparable comparable_columns(const Table& table, const FirstRuns& first) {
  Comparable result;
  int runs = 0;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string reason = obstacle(table, c, runs, first);
    if (!reason.empty()) {
      result.left_out.push_back(table.columns[c] + ": " + reason);
      continue;
    }
    runs = table.rows.front().cells[c].n;
    result.columns.push_back(c);
  }
  return result;
}

RunScores normalised_scores(const Table& table, std::size_t row, const std::vector<std::size_t>& columns,
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

}  // namespace scant
