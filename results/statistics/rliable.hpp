// Aggregates over runs and tasks that few runs do not shake, with stratified bootstrap intervals (Agarwal et al., Deep
// reinforcement learning at the edge of the statistical precipice, NeurIPS 2021).
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/core/random.hpp"

namespace scant {

/// A row a run, a column a task; normalised, greater is better. Functions throw std::invalid_argument for empty or
/// ragged scores.
using RunScores = std::vector<std::vector<double>>;

/// (score - chance) / (reference - chance): 0 is guessing, 1 the tuned reference.
double normalised_score(double score, double chance, double reference);

/// Mean of all scores of all tasks without the floor(n/4) smallest and as many greatest.
double interquartile_mean(const RunScores& scores);
double mean_score(const RunScores& scores);
/// Median over tasks of the mean over runs.
double median_of_task_means(const RunScores& scores);
/// By how much scores fall short of `target` on average; what exceeds it does not help.
double optimality_gap(const RunScores& scores, double target = 1);

/// For every tau: the share of scores above it; and of tasks whose mean is.
std::vector<double> run_profile(const RunScores& scores, const std::vector<double>& taus);
std::vector<double> task_profile(const RunScores& scores, const std::vector<double>& taus);

/// Mean over tasks of the probability that a run of `a` beats a run of `b`, ties one half. Both have the same tasks,
/// runs may differ in number.
double probability_of_improvement(const RunScores& a, const RunScores& b);

/// Indices [run][task]: runs drawn with replacement for each task by itself.
using RunIndices = std::vector<std::vector<int>>;
RunIndices draw_runs(Random& random, const RunScores& scores);

/// scores[indices[n][m]][m], or column tasks[m] instead of m. Throws std::out_of_range for an index outside.
RunScores resampled(const RunScores& scores, const RunIndices& indices);
RunScores resampled(const RunScores& scores, const RunIndices& indices, const std::vector<int>& tasks);

/// Replicates of `statistic` over resampled runs (and tasks, if `tasks_too`: for statements about new tasks); replicate
/// b draws from Random(seed, b). 50 000 for numbers, 2 000 for profiles are customary.
std::vector<double> stratified_bootstrap(const RunScores& scores,
                                         const std::function<double(const RunScores&)>& statistic, long count,
                                         std::uint64_t seed, int threads, bool tasks_too = false);
/// The same for two methods, resampled independently.
std::vector<double> stratified_bootstrap(const RunScores& a, const RunScores& b,
                                         const std::function<double(const RunScores&, const RunScores&)>& statistic,
                                         long count, std::uint64_t seed, int threads);

}  // namespace scant
