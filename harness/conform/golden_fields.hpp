// Golden objects whose fields are compared one by one with computed objects of the same shape.
#pragma once
#include <set>
#include <string>

#include "harness/conform/lists.hpp"

namespace scant {

/// Compares every field of `expected`, lists and objects in depth: numbers within the tolerance, all else exactly. A
/// field that `got` lacks is a difference. `given`: fields of `expected` that are inputs or notes.
void compare_fields(Comparison& compare, const std::string& at, const Json& got, const Json& expected,
                    const std::set<std::string>& given = {});

}  // namespace scant
