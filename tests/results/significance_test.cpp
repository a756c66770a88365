// Which cells differ: families of tests, their correction, what is never tested; and the kinds of spread.
#include "results/significance.hpp"

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "results/statistics.hpp"
#include "results/statistics/multiplicity.hpp"

namespace scant {
namespace {

Cell cell_of(std::vector<double> runs, int expected = 0) {
  Cell cell;
  cell.n = static_cast<int>(runs.size());
  cell.expected = expected > 0 ? expected : cell.n;
  cell.mean = mean(runs);
  cell.spread = population_sd(runs);
  cell.runs_of_split = {cell.n};
  cell.runs = std::move(runs);
  return cell;
}

Table table_of(const std::vector<std::vector<Cell>>& rows) {
  Table table;
  for (std::size_t c = 0; c < rows.front().size(); ++c) table.columns.push_back("column " + std::to_string(c));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    table.rows.push_back({"row " + std::to_string(r), "method", rows[r], {}, {}, {}});
  }
  table.reference = "row 0";
  table.correction = "holm";
  return table;
}

Table two_columns() {
  return table_of({{cell_of({50, 51, 52}), cell_of({70, 70.5, 71})},
                   {cell_of({52.5, 54.5, 53.5}), cell_of({70.1, 71.2, 70.9})},
                   {cell_of({60, 61, 62}), cell_of({60, 60, 60})}});
}

TEST(Significance, TheTestsOfATableAreOneFamily) {
  Table table = two_columns();
  add_significance(table);
  std::vector<double> p, adjusted_p;
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_FALSE(table.rows[0].cells[c].p_value) << "the reference against itself";
    for (std::size_t r : {1, 2}) {
      const Cell& cell = table.rows[r].cells[c];
      p.push_back(welch(cell.runs, table.rows[0].cells[c].runs).p_two_sided);
      EXPECT_DOUBLE_EQ(*cell.p_value, p.back());
      adjusted_p.push_back(*cell.p_adjusted);
    }
  }
  EXPECT_EQ(adjusted_p, adjusted(p, Adjustment::holm));
  EXPECT_GT(adjusted_p[0], p[0]);
  table.correction = "none";
  add_significance(table);
  EXPECT_DOUBLE_EQ(*table.rows[1].cells[0].p_adjusted, p[0]);
}

TEST(Significance, ContendersAreNotSignificantlyBelowTheBest) {
  Table table = two_columns();
  add_significance(table);
  EXPECT_FALSE(table.rows[0].cells[0].contender) << "50 against 61";
  EXPECT_FALSE(table.rows[2].cells[0].contender) << "the best itself";
  EXPECT_TRUE(table.rows[0].cells[1].contender) << "70.5 against 70.7";
  EXPECT_FALSE(table.rows[2].cells[1].contender) << "60 against 70.7";
}

TEST(Significance, WhatIsIncompleteOrDoesNotVaryIsNotTested) {
  Table table = table_of({{cell_of({50, 50})}, {cell_of({60, 60})}, {cell_of({40, 41}, 3)}, {cell_of({40})}});
  add_significance(table);
  for (const Row& row : table.rows) {
    EXPECT_FALSE(row.cells[0].p_value) << row.label;
    EXPECT_FALSE(row.cells[0].contender) << row.label;
  }
  table.reference = "no row";
  EXPECT_THROW(add_significance(table), InputError);
}

TEST(Significance, TwoRunsMakeNoContender) {
  Table table = table_of({{cell_of({50, 51})}, {cell_of({51, 52})}});
  add_significance(table);
  EXPECT_TRUE(table.rows[1].cells[0].p_value);
  EXPECT_FALSE(table.rows[0].cells[0].contender);
}

TEST(Spread, HasThreeKinds) {
  Cell cell = cell_of({50, 52, 60, 62});
  EXPECT_DOUBLE_EQ(*spread_of(cell, "population"), population_sd(cell.runs));
  EXPECT_DOUBLE_EQ(*spread_of(cell, "sample"), sample_sd(cell.runs));
  EXPECT_DOUBLE_EQ(*spread_of(cell, "standard-error"), sample_sd(cell.runs) / 2);
  // Two splits with means 51 and 61: the mean square between them is 100, over four runs.
  cell.runs_of_split = {2, 2};
  EXPECT_DOUBLE_EQ(*spread_of(cell, "standard-error"), 5);
  EXPECT_FALSE(spread_of(cell_of({50}), "sample"));
  EXPECT_TRUE(spread_of(cell_of({50}), "population"));
  EXPECT_FALSE(spread_of(Cell{}, "population"));
}

}  // namespace
}  // namespace scant
