// From a plan and its records to a table: the plan is the denominator, a missing run is a visible hole.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// One method on one dataset, over all splits and final runs.
struct Cell {
  std::optional<double> mean,
      spread;  // per cent; population standard deviation over runs, as the published tables print it
  int n = 0, expected = 0;
  std::vector<std::string> holes;  // why runs are missing, each reason once
  double budget_seconds = 0;       // charged device seconds of tuning, stopped and failed trials included
  double final_seconds = 0;        // device seconds of the final runs
  int tuning_trials = 0;
  std::vector<double> runs;  // per cent, by split then repetition
};

struct Row {
  std::string label, method;
  std::vector<Cell> cells;          // one per column
  std::optional<double> average;    // over columns, if every cell has a mean
  std::optional<double> mean_rank;  // rank 1 = best, ties share the mean rank; over columns where every row has a mean
};

struct Table {
  std::string title, caption;        // caption: metric, n, spread, hardware, versions, precision
  std::vector<std::string> columns;  // dataset labels
  std::vector<Row> rows;
  std::vector<std::string> footnotes;  // holes with reasons, repeated test openings, mixed hardware or code
  int decimals = 2;
  bool complete() const;
};

Table make_table(const Suite& suite, const Plan& plan, const std::vector<Record>& records);

enum class Format { md, csv, tex, json };
Format format_from(const std::string& name);
/// csv is long: one line per row x column with mean, spread, n, expected, seconds, holes. tex is booktabs and compiles
/// in a document that loads booktabs.
std::string render(const Table& table, Format format);

}  // namespace scant
