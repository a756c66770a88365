// Tests between the cells of a table.
#include "results/significance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "results/statistics.hpp"
#include "results/statistics/multiplicity.hpp"
#include "results/statistics/t_tests.hpp"
#include "results/statistics/variance_components.hpp"

namespace scant {
namespace {

struct Test {
  std::size_t row = 0, column = 0;
  double p = 1;
};

Adjustment adjustment_of(const std::string& name) {
  if (name == "none") return Adjustment::none;
  return name == "holm" ? Adjustment::holm : Adjustment::benjamini_hochberg;
}

bool testable(const Cell& a, const Cell& b, int least_runs) {
  const auto complete = [=](const Cell& cell) { return cell.n == cell.expected && cell.n >= least_runs; };
  return complete(a) && complete(b) && population_sd(a.runs) + population_sd(b.runs) > 0;
}

/// Every row's cell against that of row `against(column)`; -1: nothing to compare with in this column.
template <class Against>
std::vector<Test> tests_against(const Table& table, int least_runs, const Against& against) {
  std::vector<Test> tests;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const int base = against(c);
    if (base < 0) continue;
    const Cell& reference = table.rows[static_cast<std::size_t>(base)].cells[c];
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const Cell& cell = table.rows[r].cells[c];
      if (static_cast<int>(r) == base || !testable(cell, reference, least_runs)) continue;
      tests.push_back({r, c, welch(cell.runs, reference.runs).p_two_sided});
    }
  }
  return tests;
}

std::vector<double> adjusted_p(const std::vector<Test>& tests, const std::string& correction) {
  std::vector<double> p;
  p.reserve(tests.size());
  for (const Test& test : tests) p.push_back(test.p);
  return adjusted(p, adjustment_of(correction));
}

int reference_row(const Table& table) {
  const auto found =
      std::find_if(table.rows.begin(), table.rows.end(), [&](const Row& row) { return row.label == table.reference; });
  if (found == table.rows.end()) {
    throw InputError(fmt::format("[table] reference = \"{}\" is no row of the table", table.reference));
  }
  return static_cast<int>(found - table.rows.begin());
}

int best_row(const Table& table, std::size_t column) {
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (is_best(table, r, column)) return static_cast<int>(r);
  }
  return -1;
}

/// Standard error of the cell's mean and its degrees of freedom; at least two runs.
TTest error_of_mean(const Cell& cell) {
  TTest test;
  if (const auto scores = scores_by_split(cell)) {
    const VarianceComponents components = variance_components(*scores);
    test.standard_error = components.standard_error;
    test.degrees = components.degrees;
  } else {
    test.standard_error = sample_sd(cell.runs) / std::sqrt(cell.n);
    test.degrees = cell.n - 1;
  }
  return test;
}

}  // namespace

void add_significance(Table& table) {
  const int reference = reference_row(table);
  const std::vector<Test> differences = tests_against(table, 2, [&](std::size_t) { return reference; });
  const std::vector<double> p = adjusted_p(differences, table.correction);
  for (std::size_t i = 0; i < p.size(); ++i) {
    Cell& cell = table.rows[differences[i].row].cells[differences[i].column];
    cell.p_value = differences[i].p;
    cell.p_adjusted = p[i];
  }
  const std::vector<Test> behind = tests_against(table, 3, [&](std::size_t c) { return best_row(table, c); });
  const std::vector<double> q = adjusted_p(behind, table.correction);
  for (std::size_t i = 0; i < q.size(); ++i) {
    table.rows[behind[i].row].cells[behind[i].column].contender = q[i] >= table.alpha;
  }
}

std::optional<std::vector<std::vector<double>>> scores_by_split(const Cell& cell) {
  const std::vector<int>& splits = cell.runs_of_split;
  const bool balanced = splits.size() > 1 && splits.front() > 1 &&
                        std::all_of(splits.begin(), splits.end(), [&](int runs) { return runs == splits.front(); });
  if (!balanced) return std::nullopt;
  std::vector<std::vector<double>> scores;
  for (auto begin = cell.runs.begin(); begin != cell.runs.end(); begin += splits.front()) {
    scores.emplace_back(begin, begin + splits.front());
  }
  const auto varies = [](const std::vector<double>& runs) { return population_sd(runs) > 0; };
  if (!std::any_of(scores.begin(), scores.end(), varies)) return std::nullopt;
  return scores;
}

std::optional<double> spread_of(const Cell& cell, const std::string& kind) {
  if (cell.n == 0) return std::nullopt;
  if (kind == "population") return population_sd(cell.runs);
  if (cell.n < 2) return std::nullopt;
  if (kind == "sample") return sample_sd(cell.runs);
  return error_of_mean(cell).standard_error;
}

std::optional<ConfidenceInterval> interval_of(const Cell& cell, double alpha) {
  if (cell.n < 2 || population_sd(cell.runs) == 0) return std::nullopt;
  TTest test = error_of_mean(cell);
  test.difference = mean(cell.runs);
  return t_interval(test, alpha);
}

}  // namespace scant
