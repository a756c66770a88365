// Evaluating only the epochs before rungs and the end decides exactly as evaluating every epoch does.
#include "harness/core/report_schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/asha.hpp"
#include "harness/core/random.hpp"
#include "harness/core/winner.hpp"

namespace scant {
namespace {

Protocol protocol_of(int epochs, int grace, bool early_stopping = true) {
  Protocol protocol;
  protocol.epochs = epochs;
  protocol.grace = grace;
  protocol.early_stopping = early_stopping;
  return protocol;
}

/// A rising curve with noise: accuracy after each epoch.
std::vector<double> curve(std::uint64_t seed, int epochs) {
  Random random(seed);
  const double top = random.uniform(0.2, 0.9), speed = random.uniform(0.02, 0.3);
  std::vector<double> accuracy;
  for (int e = 1; e <= epochs; ++e) accuracy.push_back(top * (1 - std::exp(-speed * e)) + 0.05 * random.normal());
  return accuracy;
}

struct Outcome {
  std::vector<int> ended;  // epoch at which each trial ended
  std::optional<int> winner;
  bool operator==(const Outcome&) const = default;
};

/// Trials one after the other. `sparse`: reports only where evaluation_epochs says so; else after every epoch, as Ray
/// does.
Outcome study(const Protocol& protocol, int trials, std::uint64_t seed, bool sparse) {
  const auto stones = milestones(protocol);
  Asha asha(protocol.grace, protocol.epochs, protocol.reduction);
  Outcome outcome;
  std::vector<TrialReport> consumed;
  for (int trial = 0; trial < trials; ++trial) {
    const auto accuracy = curve(seed * 1000 + static_cast<std::uint64_t>(trial), protocol.epochs);
    std::vector<Evaluation> reports;
    const auto judge = [&](int epoch) {
      const double value = metric_at(reports, epoch, protocol.average_last);
      consumed.push_back({trial, epoch, value});
      return asha.report(trial, epoch, value).stop;
    };
    int ended = 0;
    for (std::size_t m = 0; sparse && m < stones.size() && ended == 0; ++m) {
      for (const int e : evaluation_epochs(stones, m, protocol.average_last)) {
        reports.push_back({e, accuracy[static_cast<std::size_t>(e) - 1]});
      }
      if (judge(stones[m])) ended = stones[m];
    }
    for (int e = 1; !sparse && e <= protocol.epochs && ended == 0; ++e) {
      reports.push_back({e, accuracy[static_cast<std::size_t>(e) - 1]});
      if (judge(e)) ended = e;
    }
    outcome.ended.push_back(ended);
  }
  outcome.winner = winning_trial(consumed, "last");
  return outcome;
}

TEST(ReportSchedule, SparseEvaluationDecidesLikeEveryEpoch) {
  for (const auto& [epochs, grace] : {std::pair{40, 5}, {50, 3}, {16, 2}, {200, 10}, {7, 1}}) {
    for (std::uint64_t seed = 0; seed < 25; ++seed) {
      const Protocol protocol = protocol_of(epochs, grace);
      EXPECT_EQ(study(protocol, 30, seed, true), study(protocol, 30, seed, false))
          << epochs << " epochs, seed " << seed;
    }
  }
}

TEST(ReportSchedule, LooksAtFewEpochs) {
  const auto stones = milestones(protocol_of(500, 50));
  EXPECT_EQ(stones, (std::vector<int>{50, 100, 200, 400, 500}));
  std::size_t evaluations = 0;
  for (std::size_t m = 0; m < stones.size(); ++m) evaluations += evaluation_epochs(stones, m, 5).size();
  EXPECT_EQ(evaluations, 25u);
  EXPECT_EQ(evaluation_epochs(stones, 1, 5), (std::vector<int>{96, 97, 98, 99, 100}));
}

TEST(ReportSchedule, MilestonesCloserThanTheAverageShareEvaluations) {
  const std::vector<int> stones{2, 4, 8};
  EXPECT_EQ(evaluation_epochs(stones, 0, 5), (std::vector<int>{1, 2}));
  EXPECT_EQ(evaluation_epochs(stones, 1, 5), (std::vector<int>{3, 4}));
  EXPECT_EQ(evaluation_epochs(stones, 2, 5), (std::vector<int>{5, 6, 7, 8}));
}

TEST(ReportSchedule, WithoutEarlyStoppingOnlyTheEndCounts) {
  EXPECT_EQ(milestones(protocol_of(30, 10, false)), std::vector<int>{30});
}

TEST(ReportSchedule, MetricIsTheMeanOfTheLastFew) {
  const std::vector<Evaluation> reports{{1, 0.1}, {2, 0.2}, {3, 0.4}, {4, 0.6}};
  EXPECT_DOUBLE_EQ(metric_at(reports, 4, 2), 0.5);
  EXPECT_DOUBLE_EQ(metric_at(reports, 2, 5), 0.15000000000000002);
  EXPECT_TRUE(std::isnan(metric_at({}, 4, 5)));
}

}  // namespace
}  // namespace scant
