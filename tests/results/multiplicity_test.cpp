// Adjusted p values against the closure of tests over all subsets; intervals of proportions against exact coverage.
#include "results/statistics/multiplicity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <functional>
#include <stdexcept>

#include "results/statistics/proportions.hpp"

namespace scant {
namespace {

const std::vector<double> kP{0.04, 0.001, 0.3, 0.012, 0.04, 0.02};

/// Marcus, Peritz and Gabriel: the adjusted p of i is the largest p of a joint test over the subsets that hold i.
std::vector<double> closure(const std::vector<double>& p, const std::function<double(std::vector<double>)>& joint) {
  std::vector<double> result(p.size());
  for (unsigned set = 1; set < 1U << p.size(); ++set) {
    std::vector<double> members;
    for (std::size_t i = 0; i < p.size(); ++i) {
      if ((set >> i & 1U) != 0) members.push_back(p[i]);
    }
    std::sort(members.begin(), members.end());
    const double value = std::min(1.0, joint(members));
    for (std::size_t i = 0; i < p.size(); ++i) {
      if ((set >> i & 1U) != 0) result[i] = std::max(result[i], value);
    }
  }
  return result;
}

TEST(Multiplicity, HolmClosesBonferroniAndHommelClosesSimes) {
  const auto holm = closure(kP, [](const auto& p) { return p[0] * static_cast<double>(p.size()); });
  const auto hommel = closure(kP, [](const auto& p) {
    double simes = 1;
    for (std::size_t i = 0; i < p.size(); ++i) {
      simes = std::min(simes, p[i] * static_cast<double>(p.size()) / static_cast<double>(i + 1));
    }
    return simes;
  });
  for (std::size_t i = 0; i < kP.size(); ++i) {
    EXPECT_NEAR(adjusted(kP, Adjustment::holm)[i], holm[i], 1e-15);
    EXPECT_NEAR(adjusted(kP, Adjustment::hommel)[i], hommel[i], 1e-15);
  }
}

TEST(Multiplicity, SharperProceduresGiveNoLargerP) {
  const std::vector<Adjustment> order{Adjustment::bonferroni,         Adjustment::holm,
                                      Adjustment::hochberg,           Adjustment::hommel,
                                      Adjustment::benjamini_hochberg, Adjustment::none};
  for (std::size_t a = 1; a < order.size(); ++a) {
    const auto blunt = adjusted(kP, order[a - 1]), sharp = adjusted(kP, order[a]);
    for (std::size_t i = 0; i < kP.size(); ++i) EXPECT_LE(sharp[i], blunt[i] + 1e-15) << a << " " << i;
  }
  EXPECT_LE(adjusted(kP, Adjustment::sidak)[1], adjusted(kP, Adjustment::bonferroni)[1]);
  EXPECT_LE(adjusted(kP, Adjustment::holm_sidak)[0], adjusted(kP, Adjustment::holm)[0]);
}

TEST(Multiplicity, EdgesOfTheFamily) {
  for (const Adjustment adjustment :
       {Adjustment::none, Adjustment::bonferroni, Adjustment::sidak, Adjustment::holm, Adjustment::holm_sidak,
        Adjustment::hochberg, Adjustment::hommel, Adjustment::benjamini_hochberg, Adjustment::benjamini_yekutieli}) {
    EXPECT_TRUE(adjusted({}, adjustment).empty());
    EXPECT_NEAR(adjusted({0.03}, adjustment)[0], 0.03, 1e-15) << "one test needs no adjustment";
    EXPECT_EQ(adjusted({0, 1, 1}, adjustment), (std::vector<double>{0, 1, 1}));
    EXPECT_THROW(adjusted({1.1}, adjustment), std::invalid_argument);
  }
}

double coverage(long n, double p, ProportionRule rule) {
  double covered = 0;
  for (long k = 0; k <= n; ++k) {
    const ConfidenceInterval interval = proportion_interval(k, n, 0.05, rule);
    if (interval.low <= p && p <= interval.high) {
      covered += pdf(boost::math::binomial(static_cast<double>(n), p), static_cast<double>(k));
    }
  }
  return covered;
}

TEST(Proportions, CoverWhatTheyPromise) {
  double wilson = 0, jeffreys = 0, agresti = 0;
  int shares = 0;
  for (double p = 0.02; p < 1; p += 0.02, ++shares) {
    EXPECT_GE(coverage(40, p, ProportionRule::clopper_pearson), 0.95) << p;
    wilson += coverage(40, p, ProportionRule::wilson);
    jeffreys += coverage(40, p, ProportionRule::jeffreys);
    agresti += coverage(40, p, ProportionRule::agresti_coull);
  }
  EXPECT_NEAR(wilson / shares, 0.95, 0.01);
  EXPECT_NEAR(jeffreys / shares, 0.95, 0.01);
  EXPECT_NEAR(agresti / shares, 0.955, 0.015);
  EXPECT_LT(coverage(40, 0.02, ProportionRule::wald), 0.6);
}

TEST(Proportions, EdgesAndMirrors) {
  for (const ProportionRule rule : {ProportionRule::wilson, ProportionRule::clopper_pearson, ProportionRule::jeffreys,
                                    ProportionRule::agresti_coull, ProportionRule::wald}) {
    const ConfidenceInterval few = proportion_interval(3, 10, 0.1, rule), many = proportion_interval(7, 10, 0.1, rule);
    EXPECT_NEAR(few.low, 1 - many.high, 1e-12);
    EXPECT_GE(proportion_interval(0, 10, 0.1, rule).low, -1e-15);
    EXPECT_LE(proportion_interval(10, 10, 0.1, rule).high, 1 + 1e-15);
    EXPECT_THROW(proportion_interval(3, 2, 0.1, rule), std::invalid_argument);
  }
  EXPECT_EQ(proportion_interval(0, 10, 0.1, ProportionRule::clopper_pearson).low, 0);
  EXPECT_THROW(proportion_interval(0, 0, 0.1), std::invalid_argument);
}

}  // namespace
}  // namespace scant
