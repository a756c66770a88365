// What a study costs beside training: the decisions of ASHA in virtual order, and the store's commits.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "harness/core/asha.hpp"
#include "harness/core/random.hpp"
#include "harness/core/store.hpp"
#include "harness/core/virtual_order.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

/// A whole study of the argument's number of trials: 100 epochs, rungs at 5, 10, 20, 40 and 80, four virtual workers.
void asha_study(benchmark::State& state) {
  const int trials = static_cast<int>(state.range(0));
  constexpr int grace = 5, most = 100, reduction = 2;
  std::vector<int> milestones = rungs(grace, most, reduction);
  milestones.push_back(most);
  for (auto _ : state) {
    Random random(1);
    Asha asha(grace, most, reduction);
    VirtualOrder order(trials, 4);
    order.set_first(grace);
    std::vector<std::size_t> at(static_cast<std::size_t>(trials), 0);
    while (const auto trial = order.next()) {
      std::size_t& milestone = at[static_cast<std::size_t>(*trial)];
      if (asha.report(*trial, milestones[milestone], random.uniform()).stop) {
        order.finish(*trial);
      } else {
        ++milestone;
        order.proceed(*trial, milestones[milestone] - milestones[milestone - 1]);
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * trials);
}
BENCHMARK(asha_study)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

/// A validation report, each a transaction that is on the disk when it returns.
void store_report(benchmark::State& state) {
  const test::TemporaryFolder folder;
  Store store(folder.path());
  int epoch = 0;
  for (auto _ : state) store.report("trial", {++epoch, 0.5});
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(store_report)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// A final record with 10,000 predictions.
void store_put(benchmark::State& state) {
  const test::TemporaryFolder folder;
  Store store(folder.path());
  Record record;
  record.trial.stage = Stage::final;
  record.trial.dataset = "tiny";
  record.trial.method = "xent";
  record.test = TestScore{};
  record.test->predicted.assign(10000, 3);
  record.test->truth.assign(10000, 4);
  for (auto _ : state) {
    ++record.trial.index;
    store.put(record);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(store_put)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace scant
