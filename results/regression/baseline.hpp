// The old code's final runs, found again for the studies of today's plan.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

class Baseline {
 public:
  /// Keeps pointers into `records`.
  explicit Baseline(const std::vector<Record>& records);

  /// Scored final runs of the study, by repetition: those of the same study, else of the same study under other suite
  /// seeds (the guard of two independent sets of runs), else the very trials `fresh` (ids), which stay recognisable
  /// where a newer version identifies studies otherwise. If several configurations have final runs, the one with the
  /// most scored runs counts, as in select(). Empty where the baseline knows nothing of the kind.
  std::vector<const Record*> runs_of(const Study& study, const std::vector<std::string>& fresh) const;

  /// Whether there are final runs of this method on this split of this data set, under whatever protocol.
  bool may_know(const Study& study) const;

 private:
  std::vector<const Record*> runs_of_seed(Study study, std::uint64_t seed) const;

  std::map<std::string, std::vector<const Record*>> by_study_;
  std::map<std::string, const Record*> finals_;  // by trial id
  std::set<std::uint64_t> seeds_;                // of suites that have final runs here
};

/// Two records of the same trial ended with the same bits: equal digests of parameters where both have one, and equal
/// predictions.
bool identical(const Record& a, const Record& b);

}  // namespace scant
