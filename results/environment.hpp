// What the records of a table say about the machines and versions behind it.
#pragma once
#include <string>
#include <vector>

#include "harness/core/record.hpp"

namespace scant {

/// The entries of `environment` that every record has with the same value; an empty object without records.
Json common_environment(const std::vector<const Record*>& records);

/// One sentence for each entry that differs between records. `suite_digest` is left out: a study's id already says what
/// a suite decides.
std::vector<std::string> mixed_environment(const std::vector<const Record*>& records);

/// "key value, key value" for people, digests shortened; "" if there is nothing to say.
std::string environment_text(const Json& environment);

}  // namespace scant
