// The single checks that verification is made of, and what they look at. Private to this folder.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "results/leaderboard/verify.hpp"
#include "results/table.hpp"

namespace scant {

/// A bundle beside the plan that its suite makes; without a readable suite the plan is empty.
struct Evidence {
  const Bundle& bundle;
  const Plan& plan;
  std::vector<StudyRecords> studies;         // of the plan, with the bundle's records
  std::map<std::string, std::string> names;  // Study::name() by Study::id()
  Evidence(const Bundle& bundle, const Plan& plan);
  /// "Alpha/0/Cross-entropy: final run 1", for people.
  std::string name_of(const Record& record) const;
};

/// A study's tuning records by configuration number; empty unless every planned trial has one, or where one
/// configuration leaves nothing to decide.
std::vector<const Record*> whole_tuning(const StudyRecords& study);

Check check_digests(const Evidence& evidence);
Check check_signature(const Evidence& evidence);
Check check_environment(const Evidence& evidence);
/// The plan's digests, and every record one of the plan's trials. Fills `holes` with those that the bundle names.
Check check_plan(const Evidence& evidence, std::vector<std::string>& holes);
Check check_openings(const Evidence& evidence);
Check check_budget(const Evidence& evidence);
Check check_tuning(const Evidence& evidence);
Check check_metrics(const Evidence& evidence);
Check check_data(const Evidence& evidence);

}  // namespace scant
