// The regression guard's training: the plan's runs, then more seeds for the cells that are not decided yet.
#pragma once
#include <atomic>
#include <filesystem>
#include <vector>

#include "harness/core/store.hpp"
#include "harness/run/runner.hpp"
#include "results/regression/regression.hpp"

namespace scant {

/// Records to compare with: of a store's folder, or of a file of JSON lines as `scant records` prints them. Throws
/// InputError naming the path, and the line.
std::vector<Record> read_baseline(const std::filesystem::path& path);

struct Guarded {
  Regression regression;
  bool interrupted = false;  // the store keeps what was done
};

/// Runs look after look until every cell is decided, none has a look left, `stop`, or the final runs beyond the plan
/// have been charged `extra_seconds` of device time (0: no limit; a look that has begun is finished). Extra seeds are
/// final runs of the same studies, whose identity does not depend on how many there are: an interrupted guard goes on
/// from its store. Throws what run_plan and regress do.
Guarded guard(const Suite& suite, const Plan& plan, Store& store, const std::vector<Record>& baseline,
              const GuardDesign& design, double extra_seconds, const RunOptions& options,
              const std::atomic<bool>& stop);

}  // namespace scant
