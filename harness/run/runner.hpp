// Takes a plan to its records: tuning in virtual order, final runs, test opened once, everything in the store, trials
// side by side in threads.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/core/plan.hpp"
#include "harness/core/store.hpp"
#include "harness/data/dataset.hpp"
#include "harness/run/ledger.hpp"

namespace scant {

struct RunOptions {
  int jobs = 0;                // trials side by side; 0: one per core (CPU) or 4 (GPU)
  int threads = 0;             // threads inside one trial's operations; 0: cores / jobs, at least 1
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  DataHome home;
  double checkpoint_seconds =
      30;                     // a running trial saves itself at the first epoch's end after this long; 0: every epoch
  bool retry_failed = false;  // run trials again that an earlier run recorded as failed
  std::function<void(const std::string& line)> say;       // messages
  std::function<void(const std::string& line)> progress;  // the one progress line, at most twice a second; may be empty
};

struct RunSummary {
  int done = 0, failed = 0, skipped = 0, missing = 0;  // final runs
  bool interrupted = false;
  Ledger ledger;
  int exit_code() const;  // 0, 1, 3 or 130
};

/// Runs what the store lacks. `stop` may be set from a signal handler: running trials save themselves and the call
/// returns.
RunSummary run_plan(const Suite& suite, const Plan& plan, Store& store, const RunOptions& options,
                    const std::atomic<bool>& stop);

}  // namespace scant
