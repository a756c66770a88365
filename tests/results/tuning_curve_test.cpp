// Tuning curves against enumeration of every draw, and the anytime incumbent at its edges.
#include "results/statistics/tuning_curve.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace scant {
namespace {

const std::vector<double> kValidation{0.5, 0.9, 0.2, 0.9, 0.7}, kTest{0.4, 0.6, 0.3, 0.8, 0.75};

/// Mean over all draws of three trials of what `of` says about them; every ordered draw is equally likely.
template <class Of>
double enumerated(Draw draw, const Of& of) {
  double sum = 0;
  int draws = 0;
  const std::size_t n = kValidation.size();
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      for (std::size_t c = 0; c < n; ++c) {
        if (draw == Draw::without_replacement && (a == b || b == c || a == c)) continue;
        sum += of({a, b, c});
        ++draws;
      }
    }
  }
  return sum / draws;
}

double best_of(const std::vector<std::size_t>& trials) {
  double best = 0;
  for (const std::size_t t : trials) best = std::max(best, kValidation[t]);
  return best;
}

/// Of two equal trials the later one wins, as in by_validation.
double test_of_best(const std::vector<std::size_t>& trials) {
  std::size_t winner = trials.front();
  for (const std::size_t t : trials) {
    if (kValidation[t] > kValidation[winner] || (kValidation[t] == kValidation[winner] && t > winner)) winner = t;
  }
  return kTest[winner];
}

TEST(TuningCurve, EqualsTheAverageOverEveryDraw) {
  for (const Draw draw : {Draw::with_replacement, Draw::without_replacement}) {
    const ExpectedBest got = expected_best(kValidation, draw);
    const double centre = enumerated(draw, best_of);
    const double variance = enumerated(draw, [centre](const std::vector<std::size_t>& trials) {
      return (best_of(trials) - centre) * (best_of(trials) - centre);
    });
    EXPECT_NEAR(got.mean[2], centre, 1e-12);
    EXPECT_NEAR(got.sd[2], std::sqrt(variance), 1e-12);
    EXPECT_NEAR(expected_test_of_selected(kValidation, kTest, draw)[2], enumerated(draw, test_of_best), 1e-12);
  }
}

TEST(TuningCurve, AllTrialsWithoutReplacementAreTheMaximum) {
  std::vector<double> many;
  for (int i = 0; i < 3000; ++i) many.push_back(i / 3000.0);  // binomials of this size do not fit a double
  const ExpectedBest got = expected_best(many, Draw::without_replacement);
  EXPECT_DOUBLE_EQ(got.mean.back(), many.back());
  EXPECT_DOUBLE_EQ(got.sd.back(), 0);
  EXPECT_TRUE(std::is_sorted(got.mean.begin(), got.mean.end()));
  EXPECT_NEAR(got.mean[0], expected_best(many, Draw::with_replacement).mean[0], 1e-12);
}

TEST(TuningCurve, SelectionGapIsWhatTheWinnerMisses) {
  EXPECT_DOUBLE_EQ(selection_gap(kValidation, kTest), 0)
      << "of the two winners the later one, with the best test value";
  EXPECT_DOUBLE_EQ(selection_gap({0.1, 0.2}, {0.9, 0.4}), 0.5);
}

TEST(TuningCurve, IncumbentCountsAReportAtExactlyItsTime) {
  const std::vector<double> got = incumbent({0.3, 0.2, 0.8}, {1, 2, 4}, {1, 0, 2}, {0, 1.9, 2, 3, 6.9, 7});
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_TRUE(std::isnan(got[1]));
  EXPECT_EQ(std::vector<double>(got.begin() + 2, got.end()), (std::vector<double>{0.2, 0.3, 0.3, 0.8}));
}

TEST(TuningCurve, AFailedTrialCostsItsTimeAndIsNeverBest) {
  const std::vector<double> got = incumbent({HUGE_VAL, 0.4}, {5, 1}, {0, 1}, {5, 6});
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_DOUBLE_EQ(got[1], 0.4);
}

TEST(TuningCurve, BudgetGridIsEvenInItsLogarithm) {
  const std::vector<double> grid = budget_grid(2048);
  ASSERT_EQ(grid.size(), 33U);
  EXPECT_DOUBLE_EQ(grid[0], 0);
  EXPECT_DOUBLE_EQ(grid[1], 2);
  EXPECT_DOUBLE_EQ(grid.back(), 2048);
  EXPECT_NEAR(grid[2] / grid[1], grid[32] / grid[31], 1e-12);
}

TEST(TuningCurve, CoverageOfRandomSearch) {
  EXPECT_DOUBLE_EQ(random_search_coverage(1, 0.3), 0.3);
  EXPECT_DOUBLE_EQ(random_search_coverage(2, 0.5), 0.75);
  EXPECT_DOUBLE_EQ(random_search_coverage(5, 1), 1);
  EXPECT_EQ(random_search_coverage(0, 1), 0);
  EXPECT_NEAR(random_search_coverage(10, 1e-18), 1e-17, 1e-30) << "no cancellation";
}

TEST(TuningCurve, RefusesWhatDoesNotFit) {
  EXPECT_THROW(expected_best({}, Draw::with_replacement), std::invalid_argument);
  EXPECT_THROW(expected_best({0.1, std::nan("")}, Draw::with_replacement), std::invalid_argument);
  EXPECT_THROW(expected_test_of_selected({0.1}, {0.1, 0.2}, Draw::with_replacement), std::invalid_argument);
  EXPECT_THROW(incumbent({0.1}, {1}, {1}, {1}), std::invalid_argument);
  EXPECT_THROW(incumbent({0.1}, {-1}, {0}, {1}), std::invalid_argument);
  EXPECT_THROW(incumbent({0.1}, {}, {0}, {1}), std::invalid_argument);
  EXPECT_THROW(budget_grid(0), std::invalid_argument);
  EXPECT_THROW(random_search_coverage(1, 1.5), std::invalid_argument);
}

}  // namespace
}  // namespace scant
