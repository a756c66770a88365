// When a regression guard looks at a cell while seeds are added, and how much error each look may spend.
#pragma once
#include <vector>

namespace scant {

/// Fixed before the first look.
struct GuardDesign {
  double margin = 1;    // differences below it do not matter; units of the suite's metric, > 0
  double alpha = 0.05;  // chance of each wrong decision over all looks at one cell, in (0, 0.5)
  int step = 5;         // final runs a split that every further look adds, >= 1
  int max_runs = 0;     // final runs a split at the last look; at most the plan's own number: one look
};

/// Final runs a split at each look: `planned`, then `step` more each time, up to exactly `most`.
std::vector<int> look_sizes(int planned, int step, int most);

/// Level of the one-sided tests at each look. `sizes`: runs of the new code at each look, rising, over all splits;
/// `baseline`: runs of the old code, which do not grow.
///
/// Why this design. Error is spent in proportion to information, 1/(1/new + 1/baseline), by Pocock's spending function
/// (Lan and DeMets, Biometrika 70, 1983): a guard should decide early, and the first look sees half or more of what a
/// baseline of fixed size will ever allow. Levels follow from the joint distribution of the looks (spending_bounds);
/// without it, later looks would be left with too little to decide anything, for looks at a fixed baseline are alike.
/// Each side of the two-sided bounds spends alpha, less a tenth where there are several looks: a row of t tests with
/// few degrees of freedom rejects that much more often than its normal bounds say (simulated: 0.055 for 0.05). Tests of
/// known variance (sequential.hpp) do not fit: a cell's variance is estimated from a handful of seeds, and the level is
/// handed to a t test instead (Jennison and Turnbull, Group Sequential Methods, 2000, 3.8). A cell that is compared in
/// pairs first and, once there are seeds without a partner, as independent samples is off that distribution on the safe
/// side, where partners resemble each other; tests/results/regression_error_test.cpp simulates both.
std::vector<double> look_levels(const std::vector<int>& sizes, int baseline, double alpha);

}  // namespace scant
