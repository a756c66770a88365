// Decoding through the real readers: files of embedded data, written once, images/s for one and two threads.
#include <benchmark/benchmark.h>

#if SCANT_WITH_IO
#include "harness/data/generate.hpp"
#include "harness/data/readers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

void decode_files(benchmark::State& state, const std::string& name) {
  const test::TemporaryFolder folder;
  generate(name, Json::object(), folder.path());
  const Card& card = cards().at(name);
  std::int64_t images = 0;
  for (auto _ : state) {
    images += decode(card, folder.path(), Json::object(), static_cast<int>(state.range(0))).bank.size();
  }
  state.SetItemsProcessed(images);
}
BENCHMARK_CAPTURE(decode_files, jpeg, "synthetic-fine")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(decode_files, png, "synthetic-tissue")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(decode_files, geotiff, "synthetic-spectral")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace scant
#endif
