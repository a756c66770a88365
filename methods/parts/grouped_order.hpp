// An order of an epoch in which images of a class come in groups, so that a batch holds pairs of one class.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/core/random.hpp"

namespace scant {

/// `positions` in another order, each once: again and again every class that has images left gives the next `group` of
/// them (fewer where it runs out), classes and a class's images in random order. `labels`: one a position, any numbers.
std::vector<std::int64_t> grouped_order(const std::vector<std::int64_t>& positions,
                                        const std::vector<std::int64_t>& labels, int group, Random& random);

}  // namespace scant
