// Aggregates, profiles and stratified resampling of scores by runs and tasks.
#include "results/statistics/rliable.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "harness/core/quantile.hpp"
#include "results/statistics.hpp"
#include "results/statistics/bootstrap.hpp"
#include "results/statistics/draws.hpp"
#include "results/statistics/two_sample.hpp"

namespace scant {
namespace {

std::size_t tasks_of(const RunScores& scores) {
  if (scores.empty() || scores[0].empty()) throw std::invalid_argument("aggregates need runs and tasks");
  for (const auto& run : scores) {
    if (run.size() != scores[0].size()) throw std::invalid_argument("a run lacks the score of a task");
  }
  return scores[0].size();
}

std::vector<double> flat(const RunScores& scores) {
  tasks_of(scores);
  std::vector<double> all;
  for (const auto& run : scores) all.insert(all.end(), run.begin(), run.end());
  return all;
}

std::vector<double> task(const RunScores& scores, std::size_t column) {
  std::vector<double> values;
  for (const auto& run : scores) values.push_back(run[column]);
  return values;
}

std::vector<double> task_means(const RunScores& scores) {
  std::vector<double> means;
  for (std::size_t m = 0; m < tasks_of(scores); ++m) means.push_back(mean(task(scores, m)));
  return means;
}

std::vector<double> shares_above(const std::vector<double>& values, const std::vector<double>& taus) {
  std::vector<double> shares;
  for (const double tau : taus) {
    const auto above = std::count_if(values.begin(), values.end(), [tau](double v) { return v > tau; });
    shares.push_back(static_cast<double>(above) / static_cast<double>(values.size()));
  }
  return shares;
}

}  // namespace

double normalised_score(double score, double chance, double reference) {
  return (score - chance) / (reference - chance);
}

double interquartile_mean(const RunScores& scores) {
  std::vector<double> all = flat(scores);
  std::sort(all.begin(), all.end());
  const auto quarter = static_cast<std::ptrdiff_t>(all.size() / 4);
  return mean({all.begin() + quarter, all.end() - quarter});
}

double mean_score(const RunScores& scores) {
  return mean(flat(scores));
}

double median_of_task_means(const RunScores& scores) {
  return quantile(task_means(scores), 0.5);
}

double optimality_gap(const RunScores& scores, double target) {
  std::vector<double> all = flat(scores);
  for (double& score : all) score = std::min(score, target);
  return target - mean(all);
}

std::vector<double> run_profile(const RunScores& scores, const std::vector<double>& taus) {
  return shares_above(flat(scores), taus);
}

std::vector<double> task_profile(const RunScores& scores, const std::vector<double>& taus) {
  return shares_above(task_means(scores), taus);
}

double probability_of_improvement(const RunScores& a, const RunScores& b) {
  if (tasks_of(a) != tasks_of(b)) throw std::invalid_argument("both methods need the same tasks");
  std::vector<double> shares;
  for (std::size_t m = 0; m < tasks_of(a); ++m) shares.push_back(vargha_delaney(task(a, m), task(b, m)));
  return mean(shares);
}

RunIndices draw_runs(Random& random, const RunScores& scores) {
  RunIndices indices(scores.size(), std::vector<int>(tasks_of(scores)));
  for (auto& run : indices) {
    for (int& index : run) index = static_cast<int>(random.below(scores.size()));
  }
  return indices;
}

RunScores resampled(const RunScores& scores, const RunIndices& indices) {
  std::vector<int> tasks(tasks_of(scores));
  std::iota(tasks.begin(), tasks.end(), 0);
  return resampled(scores, indices, tasks);
}

RunScores resampled(const RunScores& scores, const RunIndices& indices, const std::vector<int>& tasks) {
  RunScores drawn;
  for (const auto& runs : indices) {
    auto& row = drawn.emplace_back();
    for (std::size_t m = 0; m < tasks.size(); ++m) {
      row.push_back(scores.at(static_cast<std::size_t>(runs.at(m))).at(static_cast<std::size_t>(tasks[m])));
    }
  }
  return drawn;
}

std::vector<double> stratified_bootstrap(const RunScores& scores,
                                         const std::function<double(const RunScores&)>& statistic, long count,
                                         std::uint64_t seed, int threads, bool tasks_too) {
  const auto tasks = static_cast<int>(tasks_of(scores));
  return bootstrap_replicates(count, seed, threads, [&](Random& random) {
    const RunIndices runs = draw_runs(random, scores);
    return statistic(tasks_too ? resampled(scores, runs, draw_indices(random, tasks)) : resampled(scores, runs));
  });
}

std::vector<double> stratified_bootstrap(const RunScores& a, const RunScores& b,
                                         const std::function<double(const RunScores&, const RunScores&)>& statistic,
                                         long count, std::uint64_t seed, int threads) {
  return bootstrap_replicates(count, seed, threads, [&](Random& random) {
    const RunScores drawn = resampled(a, draw_runs(random, a));
    return statistic(drawn, resampled(b, draw_runs(random, b)));
  });
}

}  // namespace scant
