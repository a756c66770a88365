// Scores that can be averaged over data sets: which data sets count, and how a score is put between chance and the
// reference method.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/statistics/rliable.hpp"
#include "results/table.hpp"

namespace scant {

/// The first scored run of every split, by data set's and method's label.
using FirstRuns = std::map<std::pair<std::string, std::string>, std::vector<const TestScore*>>;
/// The pointers are into `records`.
FirstRuns first_runs(const Plan& plan, const std::vector<Record>& records);

std::size_t reference_row(const Table& table);

/// The table's data sets that count: complete, with as many runs as the first of them, predictions, and a reference
/// above chance.
struct Comparable {
  std::vector<std::size_t> columns;
  std::vector<std::string> left_out;  // the others, each with its reason
};
Comparable comparable_columns(const Table& table, const FirstRuns& first);

/// Scores of one row, [run][data set]: 0 is chance (1 / classes), 1 the mean of the reference method.
RunScores normalised_scores(const Table& table, std::size_t row, const std::vector<std::size_t>& columns,
                            const FirstRuns& first);

}  // namespace scant
