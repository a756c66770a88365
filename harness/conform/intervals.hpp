// Confidence intervals in golden files: 95 %, as [low, high].
#pragma once
#include "harness/conform/lists.hpp"
#include "results/statistics/interval.hpp"

namespace scant {

inline constexpr double kAlpha = 0.05;

inline Json ends(const ConfidenceInterval& interval) {
  return {interval.low, interval.high};
}

}  // namespace scant
