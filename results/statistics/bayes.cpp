// Correlated t, signed rank and sign test, Bayesian.
#include "results/statistics/bayes.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <functional>
#include <stdexcept>

#include "results/statistics/draws.hpp"
#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

void require(bool fulfilled) {
  if (!fulfilled) {
    throw std::invalid_argument("a Bayesian comparison needs differences, as many weights, a rope from 0 and draws");
  }
}

/// How often each part is the largest in posterior draws.
RopeShares largest_parts(long draws, std::uint64_t seed, const std::function<RopeShares(Random&)>& posterior) {
  RopeShares won;
  for (long draw = 0; draw < draws; ++draw) {
    Random random(seed, static_cast<std::uint64_t>(draw));
    const RopeShares theta = posterior(random);
    const bool inside = theta.inside >= theta.left && theta.inside >= theta.right;
    (inside ? won.inside : theta.left >= theta.right ? won.left : won.right) += 1 / static_cast<double>(draws);
  }
  return won;
}

/// 1 above, 1/2 on, 0 below the threshold.
double step(double value, double threshold) {
  return value > threshold ? 1 : value == threshold ? 0.5 : 0;
}

}  // namespace

RopeShares correlated_t_posterior(const std::vector<double>& differences, double test_to_train, double rope) {
  require(rope >= 0);
  const TTest test = corrected_t(differences, test_to_train);
  const boost::math::students_t posterior(test.degrees);
  const double left = cdf(posterior, (-rope - test.difference) / test.standard_error);
  const double right = cdf(complement(posterior, (rope - test.difference) / test.standard_error));
  return {left, 1 - left - right, right};
}

RopeShares weighted_pair_shares(const std::vector<double>& differences, const std::vector<double>& weights,
                                double rope) {
  require(rope >= 0 && differences.size() == weights.size() && !differences.empty());
  RopeShares shares;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = 0; j < differences.size(); ++j) {
      const double weight = weights[i] * weights[j], sum = differences[i] + differences[j];
      shares.left += weight * step(-sum, 2 * rope);
      shares.right += weight * step(sum, 2 * rope);
    }
  }
  shares.inside = 1 - shares.left - shares.right;
  return shares;
}

RopeShares bayesian_signed_rank(const std::vector<double>& differences, double rope, double prior_strength, long draws,
                                std::uint64_t seed) {
  require(!differences.empty() && draws > 0);
  std::vector<double> values{0}, concentrations{prior_strength};
  values.insert(values.end(), differences.begin(), differences.end());
  concentrations.resize(values.size(), 1);
  return largest_parts(draws, seed, [&](Random& random) {
    return weighted_pair_shares(values, draw_dirichlet(random, concentrations), rope);
  });
}

RopeShares bayesian_sign(const std::vector<double>& differences, double rope, double prior_strength, long draws,
                         std::uint64_t seed) {
  require(!differences.empty() && draws > 0 && rope >= 0 && prior_strength > 0);
  double left = 0, inside = prior_strength, right = 0;
  for (const double d : differences) (d < -rope ? left : d > rope ? right : inside) += 1;
  return largest_parts(draws, seed, [&](Random& random) {
    // A part that no data set is in has no mass; the generator wants positive concentrations.
    std::vector<double> present;
    for (const double count : {left, inside, right}) {
      if (count > 0) present.push_back(count);
    }
    const std::vector<double> shares = draw_dirichlet(random, present);
    auto next = shares.begin();
    const auto share = [&next](double count) { return count > 0 ? *next++ : 0.0; };
    const double below = share(left), within = share(inside), above = share(right);
    return RopeShares{below, within, above};
  });
}

}  // namespace scant
