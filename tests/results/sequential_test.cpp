// Sequential tests: the integral against identities and simulation, error rates, and duality of test and interval.
#include "results/statistics/sequential.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "harness/core/random.hpp"
#include "results/statistics/group_sequential.hpp"

namespace scant {
namespace {

double total(const std::vector<double>& chances) {
  return std::accumulate(chances.begin(), chances.end(), 0.0);
}

TEST(GroupSequential, GivesThePublishedConstants) {
  // Jennison and Turnbull, "Group sequential methods", 2000, tables 2.1 and 2.3, three decimals.
  const std::vector<double> pocock{1.960, 2.178, 2.289, 2.361, 2.413, 2.453};
  const std::vector<double> obrien_fleming{1.960, 1.977, 2.004, 2.024, 2.040, 2.053};
  for (int looks = 1; looks <= 6; ++looks) {
    const auto row = static_cast<std::size_t>(looks - 1);
    EXPECT_NEAR(pocock_constant(looks), pocock[row], 6e-4);
    EXPECT_NEAR(obrien_fleming_constant(looks), obrien_fleming[row], 6e-4);
  }
}

TEST(GroupSequential, ALookThatCannotStopChangesNothing) {
  const std::vector<double> plain = stopping_chances({2.5, 2.2, 2.0}, {0.3, 0.6, 1});
  // Also very near another look, where the paths' distribution has a narrow kernel.
  const std::vector<double> more =
      stopping_chances({HUGE_VAL, 2.5, HUGE_VAL, 2.2, HUGE_VAL, 2.0}, {0.1, 0.3, 0.301, 0.6, 0.9, 1});
  EXPECT_NEAR(plain[0], more[1], 1e-12);
  EXPECT_NEAR(plain[1], more[3], 1e-12);
  EXPECT_NEAR(plain[2], more[5], 1e-12);
  EXPECT_LT(more[0] + more[2] + more[4], 1e-30);
}

TEST(GroupSequential, AgreesWithSimulatedPaths) {
  const std::vector<double> bounds{2.3, 1.5, 1.8}, information{0.2, 0.7, 1};
  std::vector<double> stopped(3);
  constexpr int paths = 40000;
  for (int path = 0; path < paths; ++path) {
    Random random(11, static_cast<std::uint64_t>(path));
    double value = 0, before = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      value += random.normal() * std::sqrt(information[k] - before);
      before = information[k];
      if (std::abs(value) < bounds[k] * std::sqrt(information[k])) continue;
      stopped[k] += 1.0 / paths;
      break;
    }
  }
  const std::vector<double> expected = stopping_chances(bounds, information);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(stopped[k], expected[k], 4 * std::sqrt(expected[k] / paths)) << "look " << k;
  }
}

TEST(GroupSequential, SpendingBoundsSpendWhatTheyMay) {
  const std::vector<double> information{0.15, 0.5, 0.55, 1};
  for (const auto spending : {obrien_fleming_spending, pocock_spending}) {
    const auto bounds = spending_bounds(information, [spending](double t) { return spending(t, 0.05); });
    const std::vector<double> chances = stopping_chances(bounds, information);
    double spent = 0;
    for (std::size_t k = 0; k < chances.size(); ++k) {
      spent += chances[k];
      EXPECT_NEAR(spent, spending(information[k], 0.05), 1e-12);
    }
    EXPECT_NEAR(spent, 0.05, 1e-12);
  }
  const auto late = spending_bounds({0.5, 1}, [](double t) { return t < 1 ? 0 : 0.05; });
  EXPECT_EQ(late[0], HUGE_VAL);
  EXPECT_NEAR(late[1], 1.959963984540054, 1e-10) << "one look in effect";
}

TEST(GroupSequential, ManyLooksKeepTheLevel) {
  EXPECT_NEAR(total(stopping_chances(obrien_fleming_bounds(20, 0.01), equal_information(20))), 0.01, 1e-12);
  EXPECT_NEAR(total(stopping_chances(std::vector<double>(20, pocock_constant(20, 0.2)), equal_information(20))), 0.2,
              1e-12);
}

TEST(GroupSequential, RefusesADesignWithoutSense) {
  EXPECT_THROW(stopping_chances({}, {}), std::invalid_argument);
  EXPECT_THROW(stopping_chances({2}, {0.5, 1}), std::invalid_argument);
  EXPECT_THROW(stopping_chances({2, 2}, {0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(stopping_chances({-1}, {1}), std::invalid_argument);
  EXPECT_THROW(pocock_constant(0), std::invalid_argument);
  EXPECT_THROW(pocock_constant(2, 0), std::invalid_argument);
  EXPECT_THROW(obrien_fleming_spending(1.1), std::invalid_argument);
}

TEST(Sprt, KeepsBothErrorRates) {
  // Wald's bounds are conservative together: rates add up to at most alpha + beta, each at most alpha/(1 - beta) ...
  const SprtDesign design{0, 0.5, 1, 0.05, 0.1};
  constexpr int runs = 4000;
  int rejected_true = 0, accepted_false = 0, undecided = 0;
  for (int run = 0; run < runs; ++run) {
    Random random(5, static_cast<std::uint64_t>(run));
    std::vector<double> null, alternative;
    for (int i = 0; i < 400; ++i) {
      null.push_back(random.normal());
      alternative.push_back(random.normal() + 0.5);
    }
    const Sprt a = sprt(null, design), b = sprt(alternative, design);
    rejected_true += a.decision == SprtDecision::reject_null;
    accepted_false += b.decision == SprtDecision::accept_null;
    undecided += (a.decision == SprtDecision::go_on) + (b.decision == SprtDecision::go_on);
  }
  EXPECT_EQ(undecided, 0);
  EXPECT_LT(rejected_true, runs * (0.05 / 0.9) + 4 * std::sqrt(runs * 0.05));
  EXPECT_LT(accepted_false, runs * (0.1 / 0.95) + 4 * std::sqrt(runs * 0.1));
  EXPECT_GT(rejected_true, runs * 0.01) << "it does err";
}

TEST(Sprt, StaysWithItsDecision) {
  const Sprt test = sprt({10, -100, 10}, {0, 1, 1, 0.05, 0.05});
  EXPECT_EQ(test.decision, SprtDecision::reject_null);
  EXPECT_EQ(test.values_used, 1U);
  EXPECT_EQ(test.log_ratio.size(), 3U);
  EXPECT_EQ(sprt({}, {0, 1, 1, 0.05, 0.05}).decision, SprtDecision::go_on);
  EXPECT_EQ(sprt({-10}, {0, 1, 1, 0.05, 0.05}).decision, SprtDecision::accept_null);
  EXPECT_THROW(sprt({1}, {1, 1, 1, 0.05, 0.05}), std::invalid_argument);
  EXPECT_THROW(sprt({1}, {0, 1, 0, 0.05, 0.05}), std::invalid_argument);
  EXPECT_THROW(sprt({1}, {0, 1, 1, 0.5, 0.5}), std::invalid_argument);
}

TEST(AlwaysValid, RejectsWhereTheIntervalExcludes) {
  int excluded = 0;
  for (std::uint64_t run = 0; run < 50; ++run) {
    Random random(9, run);
    std::vector<double> values;
    for (int i = 0; i < 60; ++i) values.push_back(random.normal() * 1.5 + 0.6);
    const AlwaysValid test = always_valid(values, 0.1, 2.25, 0.3, 0.02);
    for (std::size_t n = 0; n < values.size(); ++n) {
      const bool outside = test.interval[n].first > 0.1 || test.interval[n].second < 0.1;
      EXPECT_EQ(outside, test.ratio[n] > 50);
      EXPECT_LE(test.p[n], n == 0 ? 1 : test.p[n - 1]);
      excluded += outside;
    }
  }
  EXPECT_GT(excluded, 0);
}

TEST(AlwaysValid, RarelyRejectsATrueMeanHoweverOftenOneLooks) {
  constexpr int runs = 2000;
  int rejected = 0;
  for (int run = 0; run < runs; ++run) {
    Random random(13, static_cast<std::uint64_t>(run));
    std::vector<double> values;
    for (int i = 0; i < 200; ++i) values.push_back(random.normal());
    rejected += always_valid(values, 0, 1, 0.5).p.back() <= 0.05;
  }
  EXPECT_LT(rejected, runs * 0.05 + 4 * std::sqrt(runs * 0.05));
  EXPECT_THROW(always_valid({1}, 0, 0, 1), std::invalid_argument);
  EXPECT_THROW(always_valid({1}, 0, 1, 1, 1), std::invalid_argument);
}

TEST(SignEProcess, IsAFairBetAndTheBetaFunction) {
  const std::vector<int> wins{1, 0, 1, 1, 0, 1};
  const std::vector<double> process = sign_e_process(wins);
  double won = 0;
  for (std::size_t i = 0; i < wins.size(); ++i) {
    won += wins[i];
    const double n = static_cast<double>(i) + 1;
    const double beta = std::tgamma(won + 1) * std::tgamma(n - won + 1) / std::tgamma(n + 2);
    EXPECT_NEAR(process[i], beta * std::exp2(n), 1e-12);
    std::vector<int> won_here(wins.begin(), wins.begin() + static_cast<long>(i)), lost_here = won_here;
    won_here.push_back(1);
    lost_here.push_back(0);
    const double before = i == 0 ? 1 : process[i - 1];
    EXPECT_NEAR((sign_e_process(won_here).back() + sign_e_process(lost_here).back()) / 2, before, 1e-12);
  }
}

}  // namespace
}  // namespace scant
