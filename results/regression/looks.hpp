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

/// Level of the one-sided tests at each look; `alpha` in all. `sizes`: runs of the new code at each look, rising, over
/// all splits; `baseline`: runs of the old code, which do not grow.
///
/// Why this design. Level is spent in proportion to information, 1/(1/new + 1/baseline), by Pocock's spending function
/// (Lan and DeMets, Biometrika 70, 1983): the first look, which sees most of what a baseline of fixed size will ever
/// allow, gets most of it, and a guard should decide early. Levels are added up as they are, instead of turned into
/// bounds by the joint distribution of the looks (spending_bounds): a cell may be compared in pairs at its first look
/// and as two independent samples once there are seeds without a partner, and the sum is right whatever the dependence
/// between looks. It costs little, for the first look's level is the same either way. Tests that assume a known
/// variance (sequential.hpp) do not fit: a cell's variance is estimated from a handful of seeds.
std::vector<double> look_levels(const std::vector<int>& sizes, int baseline, double alpha);

}  // namespace scant
