// Batch assembly on one thread: shifts with flips at 32 x 32, random-resized-crops to 224 x 224, test geometry.
#include <benchmark/benchmark.h>

#include <numeric>

#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

Samples samples_of(int height, int width, const Augment& augment) {
  auto bank =
      std::make_shared<const ImageBank>(test::striped_bank<std::uint8_t>(PixelType::u8, 3, 10, 10, height, width));
  std::vector<std::int64_t> indices(static_cast<std::size_t>(bank->size()));
  std::iota(indices.begin(), indices.end(), 0);
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

void run(benchmark::State& state, const Samples& samples) {
  set_compute_threads(1);
  int epoch = 0;
  for (auto _ : state) benchmark::DoNotOptimize(samples.augmented(samples.order(1, epoch), 2, epoch).images), ++epoch;
  state.SetItemsProcessed(state.iterations() * samples.size());
}

void shift_and_flips(benchmark::State& state) {
  run(state, samples_of(32, 32, {.kind = Augment::Kind::shift, .pad = 4, .hflip = true, .vflip = true}));
}
BENCHMARK(shift_and_flips);

void resized_crop(benchmark::State& state) {
  run(state, samples_of(375, 500, {.kind = Augment::Kind::resized_crop, .size = 224, .min_scale = 0.4, .hflip = true}));
}
BENCHMARK(resized_crop)->Unit(benchmark::kMillisecond);

void plain(benchmark::State& state) {
  set_compute_threads(1);
  const Samples samples = samples_of(32, 32, {});
  for (auto _ : state) benchmark::DoNotOptimize(samples.plain(0, samples.size()).images);
  state.SetItemsProcessed(state.iterations() * samples.size());
}
BENCHMARK(plain);

}  // namespace
}  // namespace scant
