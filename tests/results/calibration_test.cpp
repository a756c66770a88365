// Calibration: bins at their edges, what bias correction does, and how temperature scales.
#include "harness/core/calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "harness/core/random.hpp"
#include "results/statistics.hpp"
#include "results/statistics/temperature.hpp"

namespace scant {
namespace {

TEST(Calibration, AConfidenceOnAnEdgeFallsOnTheNamedSide) {
  const std::vector<double> confidence{0, 0.5, 1};
  const Reliability open = reliability(confidence, {0, 1, 1}, 2);
  ASSERT_EQ(open.bins.size(), 2U);
  EXPECT_EQ(open.samples, 3) << "a confidence of 0 is a sample without a bin";
  EXPECT_DOUBLE_EQ(open.bins[0].confidence, 0.5);
  EXPECT_DOUBLE_EQ(open.bins[1].confidence, 1);
  const Reliability closed = reliability(confidence, {0, 1, 1}, 2, BinEdges::left_closed);
  EXPECT_EQ(closed.samples, 2) << "a confidence of 1 counts nowhere";
  EXPECT_DOUBLE_EQ(closed.bins[1].confidence, 0.5);
  EXPECT_DOUBLE_EQ(expected_calibration_error(open), 0.5 / 3);
  EXPECT_DOUBLE_EQ(expected_calibration_error(closed), 0.25);
}

TEST(Calibration, NothingInAnyBinIsNoError) {
  EXPECT_EQ(expected_calibration_error(reliability({1, 1}, {1, 0}, 5, BinEdges::left_closed)), 0);
  EXPECT_EQ(maximum_calibration_error(reliability({0}, {1}, 5)), 0);
}

TEST(Calibration, EqualCountBinsTakeTheRemainderFirst) {
  const Reliability bins = equal_count_reliability({0.9, 0.1, 0.5, 0.3, 0.7}, {1, 0, 1, 0, 1}, 3);
  ASSERT_EQ(bins.bins.size(), 3U);
  EXPECT_EQ(bins.bins[0].members, 2);
  EXPECT_EQ(bins.bins[1].members, 2);
  EXPECT_EQ(bins.bins[2].members, 1);
  EXPECT_DOUBLE_EQ(bins.bins[0].confidence, 0.2);
  EXPECT_EQ(equal_count_reliability({0.5}, {1}, 4).bins.size(), 1U) << "fewer samples than bins";
}

TEST(Calibration, CorrectedErrorOfAHonestForecastIsZeroOnAverage) {
  std::vector<double> plain, corrected;
  for (std::uint64_t replicate = 0; replicate < 2000; ++replicate) {
    Random random(7, replicate);
    std::vector<double> confidence;
    std::vector<int> right;
    for (int i = 0; i < 60; ++i) {
      // One confidence a bin: a spread within bins would correlate with the outcome.
      confidence.push_back((static_cast<double>(random.below(5)) + 0.5) / 5);
      right.push_back(random.uniform() < confidence.back() ? 1 : 0);
    }
    const Reliability bins = reliability(confidence, right, 5);
    plain.push_back(squared_calibration_error(bins));
    corrected.push_back(debiased_squared_calibration_error(bins));
  }
  const double error = sample_sd(corrected) / std::sqrt(static_cast<double>(corrected.size()));
  EXPECT_NEAR(mean(corrected), 0, 4 * error);
  EXPECT_GT(mean(plain), 20 * error) << "the plain one is biased";
}

TEST(Calibration, SoftmaxIgnoresAShiftAndSurvivesLargeLogits) {
  const auto p = softmax({{1000, 1001}, {-1, 0}});
  EXPECT_DOUBLE_EQ(p[0][0], p[1][0]);
  EXPECT_DOUBLE_EQ(p[0][1], 1 / (1 + std::exp(-1.0)));
  EXPECT_NEAR(softmax({{1, 2}}, 1e9)[0][0], 0.5, 1e-9);
  EXPECT_EQ(top_class({{0.4, 0.4, 0.2}}).predicted[0], 0);
}

TEST(Calibration, LikelihoodAndBrierOfAnEvenForecast) {
  const std::vector<std::vector<double>> logits{{0, 0, 0, 0}, {5, 5, 5, 5}};
  EXPECT_DOUBLE_EQ(negative_log_likelihood(logits, {0, 3}), std::log(4.0));
  EXPECT_DOUBLE_EQ(brier_score(softmax(logits), {0, 3}), 0.75 * 0.75 + 3.0 / 16);
  EXPECT_DOUBLE_EQ(brier_score({{1, 0}}, {1}), 2);
  EXPECT_DOUBLE_EQ(classwise_calibration_error({{0.5, 0.5}, {0.5, 0.5}}, {0, 1}, 15), 0);
}

TEST(Calibration, TemperatureScalesWithTheLogitsAndIsAMinimum) {
  const std::vector<std::vector<double>> logits{{2, 0}, {1, 0}, {0.5, 0}, {0, 3}, {1, 0}};
  const std::vector<int> labels{0, 0, 1, 1, 1};
  std::vector<std::vector<double>> tripled = logits;
  for (auto& row : tripled) {
    for (double& logit : row) logit *= 3;
  }
  const Temperature fit = fit_temperature(logits, labels);
  EXPECT_NEAR(fit_temperature(tripled, labels).temperature, 3 * fit.temperature, 1e-10);
  for (const double factor : {0.999, 1.001}) {
    EXPECT_GT(negative_log_likelihood(logits, labels, fit.temperature * factor), fit.negative_log_likelihood);
  }
}

TEST(Calibration, TemperatureStaysInItsRange) {
  EXPECT_DOUBLE_EQ(fit_temperature({{1, 0}, {0, 1}}, {0, 1}).temperature, 0.01) << "flawless";
  EXPECT_DOUBLE_EQ(fit_temperature({{1, 0}, {0, 1}}, {1, 0}).temperature, 100) << "worse than chance";
}

TEST(Calibration, RefusesWhatDoesNotFit) {
  EXPECT_THROW(softmax({}), std::invalid_argument);
  EXPECT_THROW(softmax({{1, 2}, {1}}), std::invalid_argument);
  EXPECT_THROW(softmax({{1, std::nan("")}}), std::invalid_argument);
  EXPECT_THROW(softmax({{1, 2}}, 0), std::invalid_argument);
  EXPECT_THROW(negative_log_likelihood({{1, 2}}, {2}), std::invalid_argument);
  EXPECT_THROW(brier_score({{1, 0}}, {0, 1}), std::invalid_argument);
  EXPECT_THROW(reliability({0.5}, {1, 0}, 5), std::invalid_argument);
  EXPECT_THROW(reliability({1.5}, {1}, 5), std::invalid_argument);
  EXPECT_THROW(reliability({0.5}, {1}, 0), std::invalid_argument);
  EXPECT_THROW(equal_count_reliability({}, {}, 5), std::invalid_argument);
}

TEST(RecordedCalibration, IsWhatAHandComputes) {
  // Confidences 0.8 (right) and 0.6 (wrong) lie in two bins.
  const Calibration kept = calibration_of({{std::log(0.8), std::log(0.2)}, {std::log(0.6), std::log(0.4)}}, {0, 1});
  EXPECT_NEAR(kept.expected_error, (0.2 + 0.6) / 2, 1e-12);
  EXPECT_NEAR(kept.brier, (2 * 0.04 + 2 * 0.36) / 2, 1e-12);
  EXPECT_NEAR(kept.log_loss, -(std::log(0.8) + std::log(0.4)) / 2, 1e-12);
}

}  // namespace
}  // namespace scant
