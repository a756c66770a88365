// How many runs a t test needs, and what the runs at hand can show.
#pragma once

namespace scant {

/// Chance that the two-sided test rejects, by the non-central t distribution (Cohen, "Statistical power analysis for
/// the behavioral sciences", 1988). `effect`: difference of means in standard deviations, of single runs (two samples
/// of n each, equal variances) or of differences (n pairs); its sign does not matter. n > 1, may be fractional. All
/// functions throw std::invalid_argument for values outside what is said here.
double two_sample_power(double effect, double n_per_group, double alpha = 0.05);
double paired_power(double effect, double pairs, double alpha = 0.05);

/// Runs a group, or pairs, that give `power` in (alpha, 1); to be rounded up. At least 2, the fewest that have a
/// spread. effect != 0.
double two_sample_size(double effect, double power = 0.8, double alpha = 0.05);
double paired_size(double effect, double power = 0.8, double alpha = 0.05);

/// Smallest effect that n runs show with `power`: print it (times the standard deviation) next to "not significant".
double two_sample_detectable(double n_per_group, double power = 0.8, double alpha = 0.05);
double paired_detectable(double pairs, double power = 0.8, double alpha = 0.05);

/// Paired runs that show a chance gamma != 1/2 of the first being better with `power`, one-sided, to be rounded up
/// (Noether, J. Am. Stat. Assoc. 82, 1987; Bouthillier et al., MLSys 2021, take gamma 0.75).
double improvement_size(double gamma = 0.75, double power = 0.95, double alpha = 0.05);

}  // namespace scant
