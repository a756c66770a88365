// One training step of every method, batch 25 at 32 x 32, augmentation included, on one thread.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "harness/learn/data_pool.hpp"
#include "tests/bench/tiny_trial.hpp"

namespace scant {
namespace {

void step(benchmark::State& state, const std::string& method, const std::string& backbone) {
  set_compute_threads(1);
  // trainval holds 25 of the images, so that an epoch is one step.
  auto dataset = std::make_shared<Dataset>(*test::tiny_dataset(5, 8, 32));
  Split& split = dataset->stored[0];
  split.trainval.resize(25);
  const auto pool = make_data_pool(dataset, torch::kCPU);
  const Trial trial = tiny_trial(method, {{"batch_size", 25}}, backbone, Stage::final);
  Session session(trial, pool, torch::kCPU);
  const auto never = [] { return false; };
  for (auto _ : state) session.train_until(session.epochs_done() + 1, never);
  state.SetItemsProcessed(state.iterations() * 25);
}

}  // namespace
}  // namespace scant

/// Not benchmark_main's: which methods there are is known only after static initialisation.
int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const auto& [name, entry] : scant::methods()) {
    if (entry.spec.baseline) continue;
    for (const std::string backbone : {"rn20", "wrn-16-1"}) {
      benchmark::RegisterBenchmark(fmt::format("step/{}/{}", name, backbone).c_str(), [name = name, backbone](
                                                                                          benchmark::State& state) {
        scant::step(state, name, backbone);
      })->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
