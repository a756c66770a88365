// Validation passes at the session's own batch size: images/s of 400 images of 32 x 32.
#include <benchmark/benchmark.h>

#include "tests/bench/tiny_trial.hpp"

namespace scant {
namespace {

void evaluation(benchmark::State& state, const std::string& method, const std::string& backbone) {
  set_compute_threads(1);
  auto dataset = std::make_shared<Dataset>(*test::tiny_dataset(10, 40, 32));
  Split& split = dataset->stored[0];
  split.val.insert(split.val.end(), split.test.begin(), split.test.end());
  split.val.insert(split.val.end(), split.train.begin(), split.train.end());
  const auto pool = make_data_pool(dataset, torch::kCPU);
  const Trial trial = tiny_trial(method, Json::object(), backbone);
  Session session(trial, pool, torch::kCPU);
  for (auto _ : state) benchmark::DoNotOptimize(session.validate());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(split.val.size()));
}
BENCHMARK_CAPTURE(evaluation, xent_rn20, "xent", "rn20")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluation, harmonic_rn20, "harmonic", "rn20")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluation, xent_wrn_16_8, "xent", "wrn-16-8")->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace scant
