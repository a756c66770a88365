// One-way random effects by mean squares.
#include "results/statistics/variance_components.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <stdexcept>

#include "results/statistics.hpp"

namespace scant {

VarianceComponents variance_components(const std::vector<std::vector<double>>& scores) {
  if (scores.size() < 2 || scores[0].size() < 2) {
    throw std::invalid_argument("variance components need at least two splits of two seeds");
  }
  const auto splits = static_cast<double>(scores.size()), seeds = static_cast<double>(scores[0].size());
  std::vector<double> means, all;
  VarianceComponents parts;
  for (const auto& row : scores) {
    if (row.size() != scores[0].size()) throw std::invalid_argument("every split needs as many seeds as the others");
    means.push_back(mean(row));
    parts.ms_within += sample_sd(row) * sample_sd(row) / splits;
    all.insert(all.end(), row.begin(), row.end());
  }
  if (!(parts.ms_within > 0)) throw std::invalid_argument("the scores do not vary within any split");
  parts.splits = static_cast<int>(scores.size());
  parts.seeds = static_cast<int>(scores[0].size());
  parts.grand_mean = mean(all);
  parts.ms_between = seeds * sample_sd(means) * sample_sd(means);
  parts.f = parts.ms_between / parts.ms_within;
  parts.p = cdf(complement(boost::math::fisher_f(splits - 1, splits * (seeds - 1)), parts.f));
  parts.var_seed = parts.ms_within;
  parts.var_split_unbiased = (parts.ms_between - parts.ms_within) / seeds;
  parts.var_split = std::max(0.0, parts.var_split_unbiased);
  parts.icc = (parts.ms_between - parts.ms_within) / (parts.ms_between + (seeds - 1) * parts.ms_within);
  parts.standard_error = std::sqrt(parts.ms_between / (splits * seeds));
  parts.degrees = splits - 1;
  parts.naive_standard_error = sample_sd(all) / std::sqrt(splits * seeds);
  return parts;
}

}  // namespace scant
