// The regression guard: is what the code computes today as good as what a baseline recorded, cell by cell.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.hpp"
#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"
#include "results/regression/looks.hpp"
#include "results/statistics/interval.hpp"

namespace scant {

/// Of the new code against the baseline. Worse and better: by more than the margin.
enum class GuardVerdict { equivalent, better, worse, undecided };
std::string to_string(GuardVerdict verdict);

/// One method on one data set, over all splits.
struct GuardedCell {
  std::string dataset, method;  // labels
  GuardVerdict verdict = GuardVerdict::undecided;
  std::string test;         // identical, exact, paired t or Welch's t; "" before there is anything to compare
  int look = 0, looks = 0;  // the look that decided, or the last one so far; 0 before the first
  double level = 0;         // of that look's one-sided tests
  int fresh_runs = 0, baseline_runs = 0, identical_runs = 0;
  std::optional<double> fresh_mean, baseline_mean;  // units of the metric
  std::optional<double> difference;                 // fresh - baseline
  /// Of the difference at 1 - 2 `level`: the verdict is that it lies within the margins or beyond one. Such intervals
  /// of all looks cover together with 1 - 2 alpha.
  std::optional<ConfidenceInterval> interval;
  /// Final runs a split that the next look needs and of which some are missing: not trained yet, or failed; else 0.
  int wanted = 0;
  bool incomplete = false;         // the runs that the plan names are not all there to be compared
  std::vector<std::string> notes;  // why undecided, and what else a reader must know
  double device_seconds = 0;       // charged by the new code's final runs
  double extra_seconds = 0;        // by those of them beyond the plan
};

/// Sides, difference, test and notes on one line; `digits` after the point.
std::string guard_summary(const GuardedCell& cell, int digits);

struct Regression {
  std::string title, metric;  // the suite's; the metric with its unit, "Balanced accuracy in per cent"
  bool lower_is_better = false;
  int decimals = 2;
  GuardDesign design;
  std::vector<GuardedCell> cells;  // in the plan's order
  std::vector<std::string> notes;  // on the whole comparison

  int count(GuardVerdict verdict) const;
  double extra_seconds() const;

  Json to_json() const;
  /// Markdown.
  std::string text() const;
  /// JUnit XML, a test case a cell: worse is a failure, undecided is skipped, incomplete is an error.
  std::string junit() const;
};

/// Judges every cell as far as `records` (of the new code) reach. A pure function: looks are taken in their fixed order
/// and the first that decides counts, so runs that are in the store for other reasons change nothing. Each of the
/// verdicts worse, better and equivalent is wrong with a chance of at most design.alpha a cell, over all looks.
/// Throws InputError for a metric or design that makes no sense.
Regression regress(const Suite& suite, const Plan& plan, const std::vector<Record>& records,
                   const std::vector<Record>& baseline, const GuardDesign& design);

}  // namespace scant
