// One million paired bootstrap resamples of balanced accuracy: two models, 10,000 test images; and the same by indices.
#include <benchmark/benchmark.h>

#include "results/statistics/bootstrap.hpp"
#include "results/statistics/bootstrap_counts.hpp"
#include "results/statistics/draws.hpp"

namespace scant {
namespace {

struct Predictions {
  std::vector<int> truth, first, second;
};

/// Two models of some 80 % and 78 % that mostly fail on the same images.
Predictions predictions(int items, int classes) {
  Predictions all;
  Random random(1);
  for (int i = 0; i < items; ++i) {
    const int truth = i % classes;
    const double hard = random.uniform();
    all.truth.push_back(truth);
    all.first.push_back(hard + 0.1 * random.uniform() < 0.85 ? truth : (truth + 1) % classes);
    all.second.push_back(hard + 0.1 * random.uniform() < 0.83 ? truth : (truth + 1) % classes);
  }
  return all;
}

/// Arguments: classes, threads.
void million_by_counts(benchmark::State& state) {
  const Predictions all = predictions(10000, static_cast<int>(state.range(0)));
  const BootstrapPlan plan{.replicates = 1000000, .seed = 1, .threads = static_cast<int>(state.range(1))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(paired_bootstrap(all.truth, all.first, all.second, plan).low);
  }
  state.SetItemsProcessed(state.iterations() * plan.replicates);
}
BENCHMARK(million_by_counts)
    ->Args({10, 1})
    ->Args({10, 2})
    ->Args({200, 2})
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

void thousand_by_indices(benchmark::State& state) {
  const Predictions all = predictions(10000, 10);
  for (auto _ : state) {
    std::vector<std::vector<int>> resamples;
    for (std::uint64_t b = 0; b < 1000; ++b) {
      Random random(1, b);
      resamples.push_back(draw_indices(random, 10000));
    }
    benchmark::DoNotOptimize(paired_bootstrap(all.truth, all.first, all.second, resamples, 0.05).low);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(thousand_by_indices)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace scant
