// From a plan and its records to a table: the plan is the denominator, a missing run is a visible hole.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"
#include "results/statistics/interval.hpp"
#include "results/text.hpp"

namespace scant {

/// One method on one dataset, over all splits and final runs.
struct Cell {
  std::optional<double> mean, spread;          // per cent; the spread is of the table's kind
  std::optional<ConfidenceInterval> interval;  // of the mean at level 1 - alpha, see interval_of
  int n = 0, expected = 0;
  std::vector<std::string> holes;  // why runs are missing, each reason once
  Spending tuning;                 // over all splits
  double final_seconds = 0;        // device seconds of the final runs
  /// "3.2 / 10.0": what tuning took, and the final runs.
  std::string seconds_text() const;
  std::int64_t peak_bytes = 0;  // highest of its trials
  int tuning_trials = 0;
  std::vector<double> runs;          // per cent, by split then repetition
  std::vector<int> runs_of_split;    // how many of them every split has
  std::optional<double> p_value;     // Welch's t against the reference row, two-sided; where both cells are complete
  std::optional<double> p_adjusted;  // for all such tests of the table
  bool contender = false;            // tested against the column's best and not significantly below it
  std::vector<int> marks;            // footnotes that belong to this cell, counted from 1
};

struct Row {
  std::string label, method;
  std::vector<Cell> cells;          // one per column
  std::optional<double> average;    // over columns, if every cell has a mean
  std::optional<double> mean_rank;  // rank 1 = best, ties share the mean rank; over columns where every row has a mean
  std::string group;                // heading that it stands under; "" for none
  double device_seconds() const;    // charged by all cells, tuning and final runs
  std::int64_t peak_bytes() const;  // highest of all cells
};

struct Table {
  std::string title, caption;         // caption: metric, n, spread, hardware, versions, precision
  std::string metric, reference;      // as in the suite; reference: a row's label
  std::vector<std::string> columns;   // dataset labels
  std::vector<std::string> datasets;  // dataset names, one per column
  std::vector<Row> rows;
  std::vector<std::string> footnotes;  // numbered from 1, marked in cells: holes with reasons, repeated test openings
  std::vector<std::string> notes;      // on the whole table: mixed hardware, versions or code
  Json environment;                    // what all records agree on
  int decimals = 2;
  std::string spread, correction;  // as in TableOptions
  double alpha = 0.05;
  bool lower_is_better = false;
  bool better(double a, double b) const { return lower_is_better ? a < b : a > b; }
  bool complete() const;
};

/// A study and the records that claim it.
struct StudyRecords {
  const Study* study = nullptr;
  std::vector<const Record*> records;
};
/// Every study of the plan with its records, in the plan's order; records of other studies are left out. The pointers
/// are into `plan` and `records`.
std::vector<StudyRecords> records_by_study(const Plan& plan, const std::vector<Record>& records);

/// Shows the rows, columns and groups that suite.table names. Throws InputError for an unknown metric, row or column.
Table make_table(const Suite& suite, const Plan& plan, const std::vector<Record>& records);
/// The same of studies from several stores, which may hold one study twice: their data sets' and methods' labels say
/// which cell they belong to.
Table make_table(const Suite& suite, const std::vector<StudyRecords>& studies);

/// Whether the cell shares the column's best mean, as printed. A cell with missing runs is never best: the runs that
/// are missing may be the bad ones.
bool is_best(const Table& table, std::size_t row, std::size_t column);

enum class Format { md, csv, csv_wide, tex, json, html };
/// md, csv, csv-wide, tex, json or html; throws InputError otherwise.
Format format_from(const std::string& name);
/// csv is long: one line per row x column with mean, spread, n, expected, seconds, holes; csv-wide has a line a row and
/// three columns a data set. tex is booktabs and compiles in a document that loads booktabs. html is a page by itself.
std::string render(const Table& table, Format format);

}  // namespace scant
