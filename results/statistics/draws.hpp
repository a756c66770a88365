// Draws that resampling needs, from the suite's keyed generator.
#pragma once
#include <vector>

#include "harness/core/random.hpp"

namespace scant {

/// `n` indices from 0..n-1 with replacement; n > 0.
std::vector<int> draw_indices(Random& random, int n);

/// Successes in `trials` of probability p: counting down from zero where few are expected, else transformed rejection
/// (Hormann, Journal of Statistical Computation and Simulation 46, 1993, algorithm BTRS).
/// Throws std::invalid_argument for negative trials or p outside [0,1].
long draw_binomial(Random& random, long trials, double p);

/// Positive shares that add up to 1, Dirichlet distributed, from gamma draws (Marsaglia and Tsang, ACM Transactions on
/// Mathematical Software 26, 2000). Throws std::invalid_argument for a concentration that is not positive.
std::vector<double> draw_dirichlet(Random& random, const std::vector<double>& concentrations);

}  // namespace scant
