// Statistics against values worked out by hand and known identities.
#include "results/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace scant {
namespace {

TEST(Statistics, MeanAndBothDeviations) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(mean(values), 5);
  EXPECT_DOUBLE_EQ(population_sd(values), 2);
  EXPECT_DOUBLE_EQ(sample_sd(values), std::sqrt(32.0 / 7));
  EXPECT_DOUBLE_EQ(population_sd({3}), 0);
  EXPECT_THROW(mean({}), std::invalid_argument);
  EXPECT_THROW(population_sd({}), std::invalid_argument);
  EXPECT_THROW(sample_sd({1}), std::invalid_argument);
}

TEST(Statistics, RowsOfAConfusionAddUpToOne) {
  const auto shares = row_normalised({{3, 1}, {0, 0}});
  EXPECT_DOUBLE_EQ(shares[0][0], 0.75);
  EXPECT_DOUBLE_EQ(shares[0][1], 0.25);
  EXPECT_TRUE(std::isnan(shares[1][0])) << "a class without members has no recall";
}

TEST(Statistics, WelchOnAWorkedExample) {
  // Variances 2.5 and 10, n = 5: t = -2 / sqrt(2.5), df = 2.5^2 / (0.25/4 + 4/4).
  const Welch test = welch({1, 2, 3, 4, 5}, {1, 3, 5, 7, 9});
  EXPECT_NEAR(test.t, -2 / std::sqrt(2.5), 1e-12);
  EXPECT_NEAR(test.degrees, 6.25 / 1.0625, 1e-12);
  EXPECT_NEAR(test.p_greater, 1 - test.p_two_sided / 2, 1e-12);
  const Welch mirrored = welch({1, 3, 5, 7, 9}, {1, 2, 3, 4, 5});
  EXPECT_NEAR(mirrored.t, -test.t, 1e-12);
  EXPECT_NEAR(mirrored.p_two_sided, test.p_two_sided, 1e-12);
  EXPECT_NEAR(mirrored.p_greater, 1 - test.p_greater, 1e-12);
}

TEST(Statistics, WelchWithTwoDegreesHasAClosedForm) {
  // Equal variances and n = 2 give df = 2, where P(T > t) = 1/2 - t / (2 sqrt(2 + t^2)).
  const Welch test = welch({2, 4}, {1, 3});
  EXPECT_NEAR(test.degrees, 2, 1e-12);
  EXPECT_NEAR(test.p_greater, 0.5 - test.t / (2 * std::sqrt(2 + test.t * test.t)), 1e-12);
}

TEST(Statistics, WelchNeedsSpreadAndTwoValues) {
  EXPECT_THROW(welch({1, 1}, {2, 2}), std::invalid_argument);
  EXPECT_THROW(welch({1}, {2, 3}), std::invalid_argument);
  EXPECT_GT(welch({1, 1}, {2, 3}).degrees, 0) << "one list may be constant";
}

TEST(Statistics, PairedBootstrapTakesBothModelsFromTheSameSamples) {
  const std::vector<int> truth{0, 0, 1, 1}, good{0, 0, 1, 1}, bad{0, 1, 0, 1};
  const PairedBootstrap both = paired_bootstrap(truth, good, bad, {{0, 1, 2, 3}, {0, 0, 3, 3}, {1, 1, 2, 2}}, 0.05);
  EXPECT_EQ(both.first, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(both.second, (std::vector<double>{0.5, 1, 0}));
  EXPECT_EQ(both.difference, (std::vector<double>{0.5, 0, 1}));
  EXPECT_DOUBLE_EQ(both.low, 0.025);
  EXPECT_DOUBLE_EQ(both.high, 0.975);
  EXPECT_TRUE(both.significant) << "0 lies outside the interval";
  EXPECT_FALSE(paired_bootstrap(truth, good, good, {{0, 1, 2, 3}}, 0.05).significant);
  EXPECT_TRUE(paired_bootstrap(truth, bad, good, {{0, 1, 2, 3}}, 0.05).significant) << "worse is significant too";
}

TEST(Statistics, AResampleMayMissAClass) {
  const PairedBootstrap result = paired_bootstrap({0, 1}, {0, 0}, {1, 1}, {{0, 0}}, 0.1);
  EXPECT_DOUBLE_EQ(result.difference[0], 1);
  EXPECT_THROW(paired_bootstrap({0, 1}, {0}, {1, 1}, {{0}}, 0.1), std::invalid_argument);
  EXPECT_THROW(paired_bootstrap({0}, {0}, {0}, {}, 0.1), std::invalid_argument);
  EXPECT_THROW(paired_bootstrap({0}, {0}, {0}, {{1}}, 0.1), std::out_of_range);
}

}  // namespace
}  // namespace scant
