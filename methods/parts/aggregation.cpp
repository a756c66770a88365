// Sums over pairs, divided by what the aggregation says.
#include "methods/parts/aggregation.hpp"

#include <map>

#include "harness/core/error.hpp"

namespace scant {
namespace {

const std::map<std::string, Aggregation>& named() {
  static const std::map<std::string, Aggregation> all{{"mean", Aggregation::mean},
                                                      {"mean-nonzero", Aggregation::mean_nonzero},
                                                      {"sum", Aggregation::sum},
                                                      {"row-sum-mean", Aggregation::row_sum_mean},
                                                      {"row-mean-mean", Aggregation::row_mean_mean}};
  return all;
}

/// How many entries hold, at least 1: the divisor of a sum that is 0 if none does.
torch::Tensor count(const torch::Tensor& mask, const torch::Tensor& like) {
  return mask.sum().clamp_min(1).to(like.scalar_type());
}

}  // namespace

torch::Tensor aggregate(const torch::Tensor& terms, const torch::Tensor& mask, Aggregation how) {
  const torch::Tensor kept = torch::where(mask, terms, torch::zeros_like(terms));
  switch (how) {
    case Aggregation::mean:
      return kept.sum() / count(mask, terms);
    case Aggregation::mean_nonzero:
      return kept.sum() / count(kept.detach() > 0, terms);
    case Aggregation::sum:
      return kept.sum();
    case Aggregation::row_sum_mean:
      return kept.sum() / static_cast<double>(terms.size(0));
    case Aggregation::row_mean_mean: {
      const torch::Tensor sizes = mask.sum(1), means = kept.sum(1) / sizes.clamp_min(1).to(terms.scalar_type());
      return means.sum() / count(sizes > 0, terms);
    }
  }
  throw std::logic_error("an aggregation without a rule");
}

Aggregation aggregation_of(const std::string& name) {
  const auto found = named().find(name);
  if (found == named().end()) throw InputError("no aggregation is called \"" + name + "\"");
  return found->second;
}

std::vector<std::string> aggregation_names() {
  std::vector<std::string> names;
  for (const auto& [name, how] : named()) names.push_back(name);
  return names;
}

}  // namespace scant
