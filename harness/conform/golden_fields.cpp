// Comparison of JSON values in depth.
#include "harness/conform/golden_fields.hpp"

#include <algorithm>

namespace scant {

void compare_fields(Comparison& compare, const std::string& at, const Json& got, const Json& expected,
                    const std::set<std::string>& given) {
  if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (given.contains(key)) continue;
      const std::string field = at.empty() ? key : at + "." + key;
      if (got.is_object() && got.contains(key)) {
        compare_fields(compare, field, got.at(key), value);
      } else {
        compare.check(field + ": nothing is computed for it", false);
      }
    }
  } else if (expected.is_array()) {
    compare.exact(at + " length", got.size(), expected.size());
    for (std::size_t i = 0; got.is_array() && i < std::min(got.size(), expected.size()); ++i) {
      compare_fields(compare, at + "[" + std::to_string(i) + "]", got[i], expected[i]);
    }
  } else if (got.is_number()) {
    compare.number(at, got.get<double>(), expected);
  } else {
    compare.exact(at, got, expected);
  }
}

}  // namespace scant
