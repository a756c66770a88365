// Trials side by side: images/s of one and of two one-thread trainings at once. Twice as many is the aim; far fewer
// means that their BLAS or OpenMP threads fight.
#include <benchmark/benchmark.h>

#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

void side_by_side(benchmark::State& state, const std::string& backbone) {
  set_compute_threads(1);
  const auto pool = make_data_pool(test::tiny_dataset(10, 20, 32), torch::kCPU);
  Trial trial{.stage = Stage::final,
              .dataset = "tiny",
              .dataset_options = {},
              .method = "xent",
              .params = {{"batch_size", 25}},
              .backbone = backbone,
              .precision = "fp32",
              .compat = "fixed",
              .epochs = 1 << 20,
              .augment = {.kind = Augment::Kind::shift, .pad = 4, .hflip = true},
              .index = static_cast<int>(state.thread_index()),
              .study = {}};
  Session session(trial, pool, torch::kCPU);
  const auto never = [] { return false; };
  session.train_until(1, never);
  const std::int64_t before = session.progress().images;
  for (auto _ : state) session.train_until(session.epochs_done() + 1, never);
  state.SetItemsProcessed(session.progress().images - before);
}
BENCHMARK_CAPTURE(side_by_side, rn20, "rn20")->Threads(1)->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(side_by_side, wrn_16_1, "wrn-16-1")
    ->Threads(1)
    ->Threads(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scant
