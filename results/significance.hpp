// Which cells of a table differ, from the reference row and from the best of their column, at the table's level.
#pragma once
#include "results/table.hpp"

namespace scant {

/// Fills p_value, p_adjusted and contender of all cells from Welch's t test over runs (two-sided). Two families of
/// tests, adjusted each over the whole table: every cell against the reference row's of its column, and every cell
/// against its column's best. Only complete cells are tested, and only where something varies: against the reference
/// from two runs on, against the best from three on, because with two nothing would ever lie below it. Throws
/// InputError if the reference is no row.
void add_significance(Table& table);

/// A row of runs a split, where there are several splits of at least two runs each, as many everywhere, and something
/// varies inside a split: what variance_components needs.
std::optional<std::vector<std::vector<double>>> scores_by_split(const Cell& cell);

/// The spread that the table prints, of runs that lie split after split; nothing where it has no value.
std::optional<double> spread_of(const Cell& cell, const std::string& kind);

/// Student's interval of the mean at level 1 - alpha. With several splits of as many runs each it is for new splits:
/// the standard error has split as a random effect and S - 1 degrees of freedom. Nothing for fewer than two runs or
/// where nothing varies.
std::optional<ConfidenceInterval> interval_of(const Cell& cell, double alpha);

}  // namespace scant
