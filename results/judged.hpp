// Records as one of their judges sees them.
#pragma once
#include <string>
#include <vector>

#include "harness/core/record.hpp"
#include "harness/core/suite.hpp"

namespace scant {

/// The records with the score of the judge of that label as their test score; "": of each trial's first judge. A record
/// that this judge did not score has none. Throws InputError if the suite has no such judge.
std::vector<Record> judged_by(std::vector<Record> records, const std::string& label, const Suite& suite);

/// For captions: who scored, and what else was learnt from; "" where methods speak for themselves and learn from their
/// split alone.
std::string judges_text(const Suite& suite);

}  // namespace scant
