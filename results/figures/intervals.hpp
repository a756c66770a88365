// The interval of a cell's mean that charts draw.
#pragma once
#include <optional>

#include "results/statistics/interval.hpp"
#include "results/table.hpp"

namespace scant {

/// Of the mean of the cell's runs, in per cent, by Student's t: over several splits with as many runs each from the
/// standard error for new splits (variance_components.hpp) and splits - 1 degrees of freedom, else over runs. Nothing
/// where runs do not vary or there are fewer than two.
std::optional<ConfidenceInterval> mean_interval(const Cell& cell, double alpha);

}  // namespace scant
