// All studies of a suite, with the configurations drawn up front. It is the denominator: what it names and the store
// lacks is a visible hole.
#pragma once
#include <vector>

#include "harness/core/trial.hpp"

namespace scant {

/// Dataset x split x method: tuning trials on train/val, then final runs on trainval -> test.
struct Study {
  DatasetEntry dataset;
  int split = 0;
  MethodEntry method;       // its space is resolved: what the method declares < [protocol] < the entry, minus fixed
  bool baseline = false;    // no epochs: every trial reports once
  bool unlabelled = false;  // the method learns from images without labels too
  std::vector<Trial>
      tuning;  // in creation order, drawn from the study's seed; a single trial where nothing is searched
  std::uint64_t suite_seed = 0;
  /// SHA-256 of what decides the tuning and its winner. Labels and the number of final runs are not part of it: a suite
  /// may be relabelled or given more final runs and keeps its work.
  std::string id() const;
  std::string name() const;  // "ciFAIR-10/0/Cross-entropy", for people
  /// Final run `repetition` of the winning configuration.
  Trial final_trial(const Json& winner_params, int repetition) const;
};

struct Plan {
  std::string suite;
  std::vector<Study> studies;  // dataset-major, then split, then method, in the suite's order
};

/// Draws every study's configurations: one seed per study, independent draws per parameter. Configuration 0 of a study
/// is the first draw, not the default.
Plan make_plan(const Suite& suite, const Catalogue& catalogue);

}  // namespace scant
