// Student's t around a cell's mean.
#include "results/figures/intervals.hpp"

#include <algorithm>
#include <cmath>

#include "results/significance.hpp"
#include "results/statistics.hpp"
#include "results/statistics/t_tests.hpp"

namespace scant {

std::optional<ConfidenceInterval> mean_interval(const Cell& cell, double alpha) {
  if (cell.n < 2 || population_sd(cell.runs) == 0) return std::nullopt;
  const std::optional<double> error = spread_of(cell, "standard-error");
  // The same condition under which that standard error is one over splits.
  const auto& splits = cell.runs_of_split;
  const bool over_splits = splits.size() > 1 && std::all_of(splits.begin(), splits.end(), [&](int runs) {
                             return runs == splits.front() && runs >= 2;
                           });
  TTest test;
  test.difference = *cell.mean;
  test.standard_error = *error;
  test.degrees = over_splits ? static_cast<double>(splits.size()) - 1 : cell.n - 1;
  return t_interval(test, alpha);
}

}  // namespace scant
