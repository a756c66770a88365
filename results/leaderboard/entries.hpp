// The data sets of suites that are compared. Private to this folder.
#pragma once
#include <vector>

#include "harness/core/suite.hpp"

namespace scant {

/// What must be equal for results to be comparable: everything but the search space, which is the methods'.
Json shared_protocol(const DatasetEntry& entry);

/// The suite's data sets in an order that does not depend on the file's, so that equal ones have equal positions.
std::vector<const DatasetEntry*> entries_in_order(const Suite& suite);

}  // namespace scant
