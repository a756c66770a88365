// Training steps of every method: 96 images of 32 x 32 an epoch, batch 24 (what every method takes), one thread.
// Counters: time of a step, and the peak of resident memory above what the process held before the trial.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <fstream>
#include <string>

#include "tests/bench/tiny_trial.hpp"

namespace scant {
namespace {

/// "VmHWM" or "VmRSS" of this process in MiB; 0 where the system does not say.
double memory_mib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (double kib = 0; word == field + ":" && status >> kib) return kib / 1024;
  }
  return 0;
}

/// Lets the peak start anew from what is resident now.
void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;
}

void steps(benchmark::State& state, const std::string& method, const Json& params, const std::string& backbone) {
  set_compute_threads(1);
  forget_peak();
  const double before = memory_mib("VmRSS");
  auto dataset = std::make_shared<Dataset>(*test::tiny_dataset(10, 32, 32));
  Split& split = dataset->stored[0];
  split.train = split.trainval;
  split.train.resize(96);
  const auto pool = make_data_pool(dataset, torch::kCPU);
  Json all = params;
  all["batch_size"] = 24;
  const Trial trial = tiny_trial(method, all, backbone);
  Session session(trial, pool, torch::kCPU);
  const auto never = [] { return false; };
  session.train_until(1, never);                                               // primitives and buffers are made once
  for (auto _ : state) session.train_until(session.epochs_done() + 4, never);  // 16 steps: one interval of auxilearn
  state.counters["step"] = benchmark::Counter(16 * static_cast<double>(state.iterations()),
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["peak_MiB"] = memory_mib("VmHWM") - before;
}

const int registered = [] {
  struct Row {
    std::string name, method;
    Json params;
  };
  std::vector<Row> rows;
  for (const std::string method :
       {"xent", "cosine",  "cosine-xent", "tvmf",   "ole",    "harmonic", "scattering", "fconv",
        "dsk",  "gradl2",  "auxilearn",   "metric", "simclr", "supcon",   "moco",       "mochi",
        "byol", "simsiam", "barlow",      "swav",   "msf",    "cmsf",     "trex",       "trex-star"}) {
    rows.push_back({method, method, Json::object()});
  }
  rows.push_back({"dvp-pretrain", "dvp", {{"pretrain_share", 1}}});
  rows.push_back({"dvp-distill", "dvp", {{"pretrain_share", 0}, {"warm_up", 0}}});
  for (const std::string backbone : {"rn20", "wrn-16-1", "wrn-16-8"}) {
    for (const Row& row : rows) {
      benchmark::RegisterBenchmark((backbone + "/" + row.name).c_str(),
                                   [row, backbone](benchmark::State& s) { steps(s, row.method, row.params, backbone); })
          ->Unit(benchmark::kMillisecond)
          ->Iterations(backbone == "wrn-16-8" ? 1 : 3);
    }
  }
  return 0;
}();

}  // namespace
}  // namespace scant
