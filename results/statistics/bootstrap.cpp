// Replicates, intervals, resampling schemes.
#include "results/statistics/bootstrap.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <exception>
#include <stdexcept>
#include <thread>

#include "harness/core/quantile.hpp"
#include "results/statistics.hpp"
#include "results/statistics/draws.hpp"

namespace scant {
namespace {

void require_alpha(double alpha) {
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("alpha lies between 0 and 1");
}

}  // namespace

void in_blocks(long count, int threads, const std::function<void(long begin, long end)>& work) {
  if (threads <= 0) threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const long blocks = std::max(1L, std::min<long>(threads, count));
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(blocks));
  const auto run = [&](long block) {
    try {
      work(count * block / blocks, count * (block + 1) / blocks);
    } catch (...) {
      errors[static_cast<std::size_t>(block)] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (long block = 1; block < blocks; ++block) others.emplace_back(run, block);
  run(0);
  for (std::thread& thread : others) thread.join();
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

std::vector<double> bootstrap_replicates(long count, std::uint64_t seed, int threads,
                                         const std::function<double(Random&)>& statistic) {
  if (count < 1) throw std::invalid_argument("a bootstrap needs at least one replicate");
  std::vector<double> replicates(static_cast<std::size_t>(count));
  in_blocks(count, threads, [&](long begin, long end) {
    for (long b = begin; b < end; ++b) {
      Random random(seed, static_cast<std::uint64_t>(b));
      replicates[static_cast<std::size_t>(b)] = statistic(random);
    }
  });
  return replicates;
}

std::vector<double> picked(const std::vector<double>& values, const std::vector<int>& indices) {
  std::vector<double> chosen;
  chosen.reserve(indices.size());
  for (const int i : indices) chosen.push_back(values.at(static_cast<std::size_t>(i)));
  return chosen;
}

ConfidenceInterval percentile_interval(const std::vector<double>& replicates, double alpha) {
  require_alpha(alpha);
  return {quantile(replicates, alpha / 2), quantile(replicates, 1 - alpha / 2)};
}

ConfidenceInterval basic_interval(const std::vector<double>& replicates, double observed, double alpha) {
  const ConfidenceInterval percentile = percentile_interval(replicates, alpha);
  return {2 * observed - percentile.high, 2 * observed - percentile.low};
}

BcaInterval bca_interval(const std::vector<double>& replicates, double observed, const std::vector<double>& left_out,
                         double alpha) {
  require_alpha(alpha);
  double below = 0;
  for (const double r : replicates) below += r < observed ? 1 : r == observed ? 0.5 : 0;
  const double share = below / static_cast<double>(replicates.size());
  if (!(share > 0 && share < 1))
    throw std::invalid_argument("BCa needs replicates on both sides of the observed value");
  const boost::math::normal normal;
  BcaInterval result;
  result.bias = quantile(normal, share);
  const double centre = mean(left_out), n = static_cast<double>(left_out.size());
  double squares = 0, cubes = 0;  // of Efron's empirical influence values
  for (const double value : left_out) {
    const double influence = (n - 1) * (centre - value);
    squares += influence * influence / (n * n);
    cubes += influence * influence * influence / (n * n * n);
  }
  result.acceleration = squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
  const auto level = [&](double z) {
    const double shifted = result.bias + z;
    return cdf(normal, result.bias + shifted / (1 - result.acceleration * shifted));
  };
  const double z = quantile(complement(normal, alpha / 2));
  result.levels = {level(-z), level(z)};
  result.interval = {quantile(replicates, result.levels.low), quantile(replicates, result.levels.high)};
  return result;
}

std::vector<double> jackknife(const std::vector<double>& values,
                              const std::function<double(const std::vector<double>&)>& statistic) {
  std::vector<double> results;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> rest = values;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    results.push_back(statistic(rest));
  }
  return results;
}

double bootstrap_p(const std::vector<double>& difference_replicates) {
  if (difference_replicates.empty()) throw std::invalid_argument("a bootstrap needs at least one replicate");
  long down = 1, up = 1;
  for (const double d : difference_replicates) {
    down += d <= 0;
    up += d >= 0;
  }
  return std::min(1.0,
                  2 * static_cast<double>(std::min(down, up)) / static_cast<double>(difference_replicates.size() + 1));
}

std::vector<int> draw_within_classes(Random& random, const std::vector<int>& truth) {
  std::vector<std::vector<int>> members;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto label = static_cast<std::size_t>(truth[i]);
    if (label >= members.size()) members.resize(label + 1);
    members[label].push_back(static_cast<int>(i));
  }
  std::vector<int> drawn;
  for (const auto& member : members) {
    for (const int i : draw_indices(random, static_cast<int>(member.size()))) {
      drawn.push_back(member[static_cast<std::size_t>(i)]);
    }
  }
  return drawn;
}

std::vector<std::pair<int, int>> draw_splits_and_seeds(Random& random, const std::vector<int>& seeds_of_split) {
  std::vector<std::pair<int, int>> drawn;
  for (const int split : draw_indices(random, static_cast<int>(seeds_of_split.size()))) {
    for (const int seed : draw_indices(random, seeds_of_split[static_cast<std::size_t>(split)])) {
      drawn.emplace_back(split, seed);
    }
  }
  return drawn;
}

std::vector<double> two_level_differences(const std::vector<std::vector<double>>& first,
                                          const std::vector<std::vector<double>>& second, long count,
                                          std::uint64_t seed, int threads) {
  std::vector<int> seeds;
  for (const auto& row : first) seeds.push_back(static_cast<int>(row.size()));
  for (std::size_t s = 0; s < first.size(); ++s) {
    if (second.size() != first.size() || second[s].size() != first[s].size() || first[s].empty()) {
      throw std::invalid_argument("both methods need scores of the same splits and seeds");
    }
  }
  if (first.empty()) throw std::invalid_argument("both methods need scores of the same splits and seeds");
  return bootstrap_replicates(count, seed, threads, [&](Random& random) {
    double sum = 0;
    const auto drawn = draw_splits_and_seeds(random, seeds);
    for (const auto& [split, run] : drawn) {
      const auto s = static_cast<std::size_t>(split), k = static_cast<std::size_t>(run);
      sum += first[s][k] - second[s][k];
    }
    return sum / static_cast<double>(drawn.size());
  });
}

}  // namespace scant
