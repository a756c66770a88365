// How fast submissions reach targets on many workloads, as one number each: AlgoPerf's score (Dahl et al.,
// "Benchmarking neural network training algorithms", arXiv 2306.07179) on performance profiles (Dolan and More,
// Mathematical Programming 91, 2002).
#pragma once
#include <vector>

namespace scant {

/// Times over this multiple of the best count as never.
inline constexpr double kLargestRatio = 4;

/// Time to target of each submission on each workload: median over studies of the study's best trial. `study_best`:
/// submissions x workloads x studies, in seconds, infinite where no trial reached the target. Throws
/// std::invalid_argument for a workload without studies or a time that is not positive.
std::vector<std::vector<double>> times_to_target(const std::vector<std::vector<std::vector<double>>>& study_best);

/// Those times (submissions x workloads) over the best submission's on the workload; infinite above kLargestRatio and
/// where no submission reaches the target. Throws std::invalid_argument for ragged lists.
std::vector<std::vector<double>> ratios_to_best(const std::vector<std::vector<double>>& times);

/// Share of workloads on which a submission's ratio is at most tau, for its list of ratios.
double performance_profile(const std::vector<double>& ratios, double tau);
/// Mean of the profile over tau in [1, kLargestRatio], in [0,1], integrated exactly.
double performance_score(const std::vector<double>& ratios);
/// The same by trapezoids on `points` >= 2 evenly spaced tau: AlgoPerf's own code takes 100, up to 0.002 away.
double performance_score(const std::vector<double>& ratios, int points);

}  // namespace scant
