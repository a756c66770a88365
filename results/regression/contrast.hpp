// The difference between the runs of two versions of the code on the same splits, with its standard error.
#pragma once
#include <optional>
#include <vector>

#include "results/statistics/t_tests.hpp"

namespace scant {

/// Scores of one split on either side.
struct SplitScores {
  std::vector<double> fresh, baseline;  // of the new and of the old code
};

/// Pairs: fresh[i] and baseline[i] are the same trial, so they share initial weights, order and augmentation.
enum class Pairing { paired, independent };

struct Contrast {
  double fresh = 0, baseline = 0;  // means over splits of the splits' means
  int fresh_runs = 0, baseline_runs = 0;
  /// Of fresh - baseline; nothing where no split has two runs to show a spread. Both versions run on the same splits,
  /// so what splits have in common is no part of the error: variances are pooled within splits. Paired: of the
  /// differences, sum(n_s - 1) degrees of freedom. Independent: Welch's, with such a variance and such degrees for each
  /// side (Welch, Biometrika 34, 1947), but the degrees of freedom of the side that has fewer.
  std::optional<TTest> test;
};

/// `resolution`: the step in which scores can differ, in their units. A variance is at least that of the rounding,
/// resolution^2 / 12 a run, lest two seeds that tie by chance look like certainty; 0 where runs cannot vary at all, and
/// then a difference is certain. Throws std::invalid_argument without splits, for a split that lacks runs on a side,
/// and for pairs of different numbers.
Contrast contrast(const std::vector<SplitScores>& splits, Pairing pairing, double resolution);

}  // namespace scant
