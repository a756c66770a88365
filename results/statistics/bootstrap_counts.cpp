// Multinomial resampling of right and wrong counts a class.
#include "results/statistics/bootstrap_counts.hpp"

#include <algorithm>
#include <stdexcept>

#include "results/statistics/bootstrap.hpp"
#include "results/statistics/draws.hpp"

namespace scant {
namespace {

/// Items of one class by who is right.
struct ClassCounts {
  long both = 0, first = 0, second = 0, neither = 0;
  long members() const { return both + first + second + neither; }
};

/// `drawn` of the `left` items go into a cell of `size` items with probability size / left.
long split_off(Random& random, long drawn, long size, long left) {
  return size >= left ? drawn : draw_binomial(random, drawn, static_cast<double>(size) / static_cast<double>(left));
}

ClassCounts resampled(Random& random, const ClassCounts& observed, long members) {
  ClassCounts drawn;
  long items = observed.members();
  drawn.both = split_off(random, members, observed.both, items);
  members -= drawn.both;
  items -= observed.both;
  drawn.neither = split_off(random, members, observed.neither, items);
  members -= drawn.neither;
  items -= observed.neither;
  drawn.first = split_off(random, members, observed.first, items);
  drawn.second = members - drawn.first;
  return drawn;
}

std::vector<ClassCounts> counts_of(const std::vector<int>& truth, const std::vector<int>& first,
                                   const std::vector<int>& second) {
  if (truth.empty() || first.size() != truth.size() || second.size() != truth.size()) {
    throw std::invalid_argument("a paired bootstrap needs both models' predictions for every label");
  }
  if (*std::min_element(truth.begin(), truth.end()) < 0) throw std::invalid_argument("labels count from 0");
  std::vector<ClassCounts> classes(static_cast<std::size_t>(*std::max_element(truth.begin(), truth.end())) + 1);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ClassCounts& counts = classes[static_cast<std::size_t>(truth[i])];
    const bool a = first[i] == truth[i], b = second[i] == truth[i];
    ++(a && b ? counts.both : a ? counts.first : b ? counts.second : counts.neither);
  }
  std::erase_if(classes, [](const ClassCounts& counts) { return counts.members() == 0; });
  return classes;
}

}  // namespace

PairedBootstrap paired_bootstrap(const std::vector<int>& truth, const std::vector<int>& first,
                                 const std::vector<int>& second, const BootstrapPlan& plan) {
  const std::vector<ClassCounts> classes = counts_of(truth, first, second);
  if (plan.replicates < 1) throw std::invalid_argument("a bootstrap needs at least one replicate");
  PairedBootstrap result;
  const auto count = static_cast<std::size_t>(plan.replicates);
  for (auto* list : {&result.first, &result.second, &result.difference}) list->resize(count);
  const auto replicate = [&](std::size_t b) {
    Random random(plan.seed, b);
    long drawn = static_cast<long>(truth.size()), items = drawn;
    double recalls_first = 0, recalls_second = 0, present = 0;
    for (const ClassCounts& observed : classes) {
      const long size = observed.members();
      const long members = plan.within_classes ? size : split_off(random, drawn, size, items);
      drawn -= members;
      items -= size;
      if (members == 0) continue;  // the class is missing from this resample and from its mean
      const ClassCounts counts = resampled(random, observed, members);
      recalls_first += static_cast<double>(counts.both + counts.first) / static_cast<double>(members);
      recalls_second += static_cast<double>(counts.both + counts.second) / static_cast<double>(members);
      ++present;
    }
    result.first[b] = recalls_first / present;
    result.second[b] = recalls_second / present;
    result.difference[b] = result.first[b] - result.second[b];
  };
  in_blocks(plan.replicates, plan.threads, [&](long begin, long end) {
    for (long b = begin; b < end; ++b) replicate(static_cast<std::size_t>(b));
  });
  const ConfidenceInterval interval = percentile_interval(result.difference, plan.alpha);
  result.low = interval.low;
  result.high = interval.high;
  result.significant = result.low > 0 || result.high < 0;
  return result;
}

}  // namespace scant
