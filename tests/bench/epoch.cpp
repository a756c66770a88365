// Whole epochs, augmentation and validation included: `images` training and a third as many validation images of 32 x
// 32, batch 25.
#include <benchmark/benchmark.h>

#include "tests/bench/tiny_trial.hpp"

namespace scant {
namespace {

void epoch(benchmark::State& state, const std::string& backbone, const std::string& precision,
           std::size_t images = 300) {
  set_compute_threads(static_cast<int>(state.range(0)));
  auto dataset = std::make_shared<Dataset>(*test::tiny_dataset(10, 40, 32));
  Split& split = dataset->stored[0];
  split.train = split.trainval;  // three quarters of the images
  split.train.resize(images);
  split.val.resize(std::min(split.val.size(), images / 3));
  const auto pool = make_data_pool(dataset, torch::kCPU);
  Trial trial = tiny_trial("xent", {{"batch_size", 25}}, backbone);
  trial.precision = precision;
  Session session(trial, pool, torch::kCPU);
  const auto never = [] { return false; };
  session.train_until(1, never);  // primitives and buffers are made once
  for (auto _ : state) {
    session.train_until(session.epochs_done() + 1, never);
    benchmark::DoNotOptimize(session.validate());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(split.train.size()));
}

/// The argument is the number of threads.
BENCHMARK_CAPTURE(epoch, rn20_fp32, "rn20", "fp32")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(epoch, rn20_bf16, "rn20", "bf16")->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(epoch, wrn_16_8_fp32, "wrn-16-8", "fp32")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);
// Few images: CPUs without bfloat16 emulate it.
BENCHMARK_CAPTURE(epoch, wrn_16_8_bf16, "wrn-16-8", "bf16", 25)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
}  // namespace scant
