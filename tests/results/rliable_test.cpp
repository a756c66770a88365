// Aggregates over runs and tasks: what outliers do, who improves on whom, and where draws come from.
#include "results/statistics/rliable.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "results/statistics.hpp"

namespace scant {
namespace {

const RunScores kScores{{0.1, 0.5}, {0.2, 0.6}, {0.3, 0.7}, {0.4, 0.8}};

TEST(Rliable, TheInterquartileMeanIgnoresOutliers) {
  RunScores wild = kScores;
  wild[0][0] = -100;
  wild[3][1] = 100;
  EXPECT_DOUBLE_EQ(interquartile_mean(wild), interquartile_mean(kScores));
  EXPECT_DOUBLE_EQ(interquartile_mean(kScores), (0.3 + 0.4 + 0.5 + 0.6) / 4);
}

TEST(Rliable, AggregatesByHand) {
  EXPECT_DOUBLE_EQ(median_of_task_means(kScores), (0.25 + 0.65) / 2);
  EXPECT_DOUBLE_EQ(mean_score(kScores), 0.45);
  EXPECT_DOUBLE_EQ(optimality_gap(kScores, 1), 0.55);
  EXPECT_NEAR(optimality_gap(kScores, 0.1), 0, 1e-15) << "reached everywhere";
  EXPECT_EQ(run_profile(kScores, {0, 0.5, 0.8}), (std::vector<double>{1, 3.0 / 8, 0})) << "strictly above";
  EXPECT_EQ(task_profile(kScores, {0.3}), (std::vector<double>{0.5}));
  EXPECT_DOUBLE_EQ(normalised_score(0.55, 0.1, 1), 0.5);
  EXPECT_THROW(mean_score({}), std::invalid_argument);
  EXPECT_THROW(mean_score({{1, 2}, {1}}), std::invalid_argument);
}

TEST(Rliable, ImprovementIsMirrored) {
  const RunScores other{{0.15, 0.9}, {0.2, 0.65}, {0.5, 0.3}};
  EXPECT_DOUBLE_EQ(probability_of_improvement(kScores, other) + probability_of_improvement(other, kScores), 1);
  EXPECT_THROW(probability_of_improvement(kScores, {{1}}), std::invalid_argument);
}

TEST(Rliable, RunsAreDrawnWithinTheirTask) {
  const auto spread = [](const RunScores& drawn) {
    for (const auto& run : drawn) {
      EXPECT_LT(run[0], 0.45);
      EXPECT_GT(run[1], 0.45);
    }
    return mean_score(drawn);
  };
  const std::vector<double> replicates = stratified_bootstrap(kScores, spread, 4000, 1, 1);
  // Each task mean has variance 0.0125 / 4; the tasks are drawn apart.
  const double expected = std::sqrt(0.0125 / 4 / 2);
  EXPECT_NEAR(mean(replicates), 0.45, 4 * expected / std::sqrt(4000.0));
  EXPECT_NEAR(sample_sd(replicates) / expected, 1, 4 / std::sqrt(2 * 4000.0));
  EXPECT_EQ(replicates, stratified_bootstrap(kScores, mean_score, 4000, 1, 3)) << "threads change no number";
}

TEST(Rliable, DrawingTasksTooSpreadsMore) {
  const std::vector<double> runs = stratified_bootstrap(kScores, mean_score, 1000, 1, 1),
                            tasks = stratified_bootstrap(kScores, mean_score, 1000, 1, 1, true);
  EXPECT_GT(sample_sd(tasks), 1.5 * sample_sd(runs));
  const std::vector<double> improvement =
      stratified_bootstrap(kScores, kScores, probability_of_improvement, 1000, 1, 2);
  EXPECT_NEAR(mean(improvement), 0.5, 0.03);
  EXPECT_THROW(resampled(kScores, {{9, 0}}), std::out_of_range);
}

}  // namespace
}  // namespace scant
