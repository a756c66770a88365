// Scores of one method over splits and retrained seeds: what each source adds to the variance, and the standard error
// that a statement about new splits has to use.
#pragma once
#include <vector>

namespace scant {

/// Balanced one-way random effects (Searle, Casella and McCulloch, Variance Components, 1992), S splits of K seeds.
/// Variances in squared units of the scores.
struct VarianceComponents {
  int splits = 0, seeds = 0;
  double grand_mean = 0;
  double ms_between = 0, ms_within = 0;
  double f = 0, p = 1;            // of no differences between splits; S - 1 and S (K - 1) degrees of freedom
  double var_seed = 0;            // = ms_within
  double var_split_unbiased = 0;  // (ms_between - ms_within) / K; may be negative
  double var_split = 0;           // the same, at least 0
  double icc = 0;                 // correlation of two seeds of one split
  double standard_error = 0;      // of the grand mean, for new splits: S - 1 degrees of freedom
  double degrees = 0;
  double naive_standard_error = 0;  // as if all S K scores were independent: too small where splits matter
};
/// `scores`: a row a split, a column a seed. Throws std::invalid_argument unless there are two splits of as many seeds
/// each, at least two, and the scores vary within some split.
VarianceComponents variance_components(const std::vector<std::vector<double>>& scores);

}  // namespace scant
