// Checks of a bundle without the store that it came from.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/suite.hpp"
#include "results/leaderboard/bundle.hpp"

namespace scant {

/// One property of a bundle. `detail` says what was looked at, `violations` every place where it does not hold.
struct Check {
  std::string name, detail;
  std::vector<std::string> violations;
};

struct Verification {
  std::string by, digest;      // of the bundle
  std::optional<Suite> suite;  // nothing where this program cannot read the text
  Plan plan;                   // made again from the suite's text
  std::vector<Check> checks;
  std::vector<std::string> holes;  // of the plan, where the bundle names them itself: no violations
  bool valid() const;              // no check has a violation
  bool complete() const { return holes.empty(); }
  Json to_json() const;
  /// One line per check, each violation and hole on its own line below it.
  std::string text() const;
};

/// Digests; who signed what; the suite's text, and the plan made again from it; every planned trial and final run there
/// under its own id, or named as a hole; test data opened once a final run and never in tuning; the budget kept; the
/// stopping rule kept, and final runs of the configuration that the validation reports choose; metrics equal to those
/// of the stored predictions; one digest of data, split and test labels per data set and split; the head's versions
/// those of the records. Calibration cannot be computed again, since records keep no probabilities. A bundle that was
/// made up consistently passes: digests tell what was changed, not who tells the truth.
Verification verify(const Bundle& bundle, const Catalogue& catalogue);

}  // namespace scant
