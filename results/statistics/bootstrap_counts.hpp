// The paired bootstrap of balanced accuracy for large tests: resampling counts instead of items.
#pragma once
#include <cstdint>
#include <vector>

#include "results/statistics.hpp"

namespace scant {

struct BootstrapPlan {
  long replicates = 10000;
  std::uint64_t seed = 0;  // replicate b draws from Random(seed, b)
  double alpha = 0.05;
  bool within_classes = false;  // every class keeps its size: for tests with few images a class
  int threads = 1;              // 0: one a core; changes no number
};

/// The distribution of paired_bootstrap (statistics.hpp) over random resamples of the items. Only how many items of
/// each class both models, the first alone, the second alone or neither get right decides a replicate; those counts of
/// a resample are multinomial and are drawn by binomial splitting, in time of the number of classes, not of items.
/// Labels from 0. Throws std::invalid_argument for lists of different lengths or without items, and for no replicates.
PairedBootstrap paired_bootstrap(const std::vector<int>& truth, const std::vector<int>& first,
                                 const std::vector<int>& second, const BootstrapPlan& plan);

}  // namespace scant
