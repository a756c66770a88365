// Are two methods, or two versions of one, the same but for a margin that does not matter.
#pragma once
#include <vector>

#include "results/statistics/t_tests.hpp"

namespace scant {

/// Two one-sided t tests of a difference against a lower and an upper margin (Schuirmann, J. Pharmacokinetics and
/// Biopharmaceutics 15, 1987). Equivalent at level alpha: p < alpha, which says that the 1 - 2 alpha interval of the
/// difference lies inside the margins.
struct Equivalence {
  double t_lower = 0, p_lower = 1;  // against "the difference is at most the lower margin"
  double t_upper = 0, p_upper = 1;  // against "the difference is at least the upper margin"
  double degrees = 0, p = 1;        // p: the larger of the two
};
/// `low` < `high` in the units of the values; the difference is mean(a) - mean(b). Independent samples, unequal
/// variances (Welch). Throws std::invalid_argument for margins out of order and wherever welch() does.
Equivalence equivalence(const std::vector<double>& a, const std::vector<double>& b, double low, double high);
/// Values paired by seed, split or data set. Differences without any spread decide with certainty: a repeated run that
/// gives the same bits is equivalent. Throws std::invalid_argument for fewer than two pairs or different lengths.
Equivalence paired_equivalence(const std::vector<double>& a, const std::vector<double>& b, double low, double high);

/// The same from an estimate of the difference with its standard error (>= 0) and degrees of freedom (> 0), for designs
/// that are neither plain pairs nor two plain samples. Throws std::invalid_argument for margins out of order.
Equivalence equivalence_of(const TTest& estimate, double low, double high);

enum class EquivalenceVerdict { equivalent, different, undecided };
/// Different: the 1 - 2 alpha interval lies wholly beyond one margin. Undecided: more runs are needed.
EquivalenceVerdict verdict(const Equivalence& test, double alpha = 0.05);

/// The suite's half width of the margins for scores in [0,1], to be fixed before looking: half a point, or half the
/// standard deviation between seeds where that is smaller. `seed_variance` in squared score; throws
/// std::invalid_argument if it is negative.
double default_margin(double seed_variance);

}  // namespace scant
