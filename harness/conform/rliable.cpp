// Aggregates over runs and tasks, and their stratified bootstrap, against reference numbers.
#include "results/statistics/rliable.hpp"

#include <algorithm>

#include "harness/conform/golden_fields.hpp"
#include "harness/conform/intervals.hpp"
#include "results/statistics/bootstrap.hpp"

namespace scant {
namespace {

/// "optimality_gap_0p75": the target is 0.75.
double target_of(const std::string& key) {
  std::string number = key.substr(key.rfind('_') + 1);
  std::replace(number.begin(), number.end(), 'p', '.');
  return std::stod(number);
}

void check_scores(const RunScores& scores, const std::vector<double>& taus, const std::string& at, const Json& golden,
                  Comparison& compare) {
  Json got{{"iqm", interquartile_mean(scores)},
           {"mean", mean_score(scores)},
           {"median", median_of_task_means(scores)},
           {"profile_runs", run_profile(scores, taus)},
           {"profile_task_means", task_profile(scores, taus)}};
  for (const auto& [key, value] : golden.items()) {
    if (key.starts_with("optimality_gap_")) got[key] = optimality_gap(scores, target_of(key));
  }
  compare_fields(compare, at, got, golden, {"note"});
}

void check_stratified_bootstrap(const RunScores& x, const RunScores& y, const Json& golden, Comparison& compare) {
  std::vector<double> middle, improvement;
  const Json& indices = golden.at("indices_x");
  for (std::size_t b = 0; b < indices.size(); ++b) {
    const RunScores drawn = resampled(x, indices[b].get<RunIndices>());
    middle.push_back(interquartile_mean(drawn));
    improvement.push_back(
        probability_of_improvement(drawn, resampled(y, golden.at("indices_y").at(b).get<RunIndices>())));
  }
  const Json got{{"iqm_x_replicates", middle},
                 {"iqm_x_percentile_ci95", ends(percentile_interval(middle, kAlpha))},
                 {"poi_replicates", improvement},
                 {"poi_percentile_ci95", ends(percentile_interval(improvement, kAlpha))}};
  compare_fields(compare, "stratified_bootstrap", got, golden, {"indices_x", "indices_y", "note"});
}

void check_task_bootstrap(const RunScores& x, const Json& run_indices, const Json& golden, Comparison& compare) {
  std::vector<double> middle;
  const Json& tasks = golden.at("task_indices");
  for (std::size_t b = 0; b < tasks.size(); ++b) {
    middle.push_back(
        interquartile_mean(resampled(x, run_indices.at(b).get<RunIndices>(), tasks[b].get<std::vector<int>>())));
  }
  const Json got{{"iqm_x_replicates", middle}, {"iqm_x_percentile_ci95", ends(percentile_interval(middle, kAlpha))}};
  compare_fields(compare, "task_bootstrap", got, golden, {"task_indices", "note"});
}

void check_aggregates(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  const auto x = golden.at("scores_x_runs_by_tasks").get<RunScores>();
  const auto y = golden.at("scores_y_runs_by_tasks").get<RunScores>();
  const auto taus = golden.at("taus").get<std::vector<double>>();
  check_scores(x, taus, "aggregate_x", golden.at("aggregate_x"), compare);
  check_scores(y, taus, "aggregate_y", golden.at("aggregate_y"), compare);
  const Json& bootstrap = golden.at("stratified_bootstrap");
  check_stratified_bootstrap(x, y, bootstrap, compare);
  check_task_bootstrap(x, bootstrap.at("indices_x"), golden.at("task_bootstrap"), compare);
  Json got{{"probability_of_improvement_x_over_y", probability_of_improvement(x, y)},
           {"probability_of_improvement_y_over_x", probability_of_improvement(y, x)},
           {"probability_of_improvement_identical", probability_of_improvement(x, x)}};
  for (const Json& small : golden.at("iqm_small_odd")) {
    const auto scores = small.at("scores").get<RunScores>();
    got["iqm_small_odd"].push_back({{"scores", scores}, {"iqm", interquartile_mean(scores)}});
  }
  compare_fields(compare, "", got, golden,
                 {"reference", "scores_x_runs_by_tasks", "scores_y_runs_by_tasks", "taus", "aggregate_x", "aggregate_y",
                  "stratified_bootstrap", "task_bootstrap", "note"});
}

}  // namespace

const RegisterKind robust_aggregates{{"aggregates over runs and tasks",
                                      [](const GoldenFile& file, const Json& golden) {
                                        return file.stem == "rliable" && golden.contains("aggregate_x") &&
                                               golden.contains("stratified_bootstrap");
                                      },
                                      check_aggregates}};

}  // namespace scant
