// Checks a parameter's value against its declaration.
#include "harness/core/params.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scant {

Json Space::to_json() const {
  if (kind == Kind::choice) return {{"choice", values}};
  return {{kind == Kind::uniform ? "uniform" : "log_uniform", {low, high}}};
}

void check_param(const ParamSpec& spec, const Json& value) {
  const auto refuse = [&](const std::string& legal) {
    throw InputError(fmt::format("parameter \"{}\" cannot be {}: it must be {}", spec.name, value.dump(), legal));
  };
  if (!spec.one_of.empty()) {
    if (std::find(spec.one_of.begin(), spec.one_of.end(), value) == spec.one_of.end()) {
      refuse("one of " + Json(spec.one_of).dump());
    }
    return;
  }
  if (spec.default_value.is_boolean()) {
    if (!value.is_boolean()) refuse("true or false");
    return;
  }
  if (spec.default_value.is_string()) {
    if (!value.is_string()) refuse("a string");
    return;
  }
  const bool whole = spec.default_value.is_number_integer();
  if (!value.is_number() || (whole && !value.is_number_integer())) refuse(whole ? "a whole number" : "a number");
  if (spec.legal && !(value.get<double>() >= spec.legal->low && value.get<double>() <= spec.legal->high)) {
    refuse(fmt::format("within [{}, {}]", spec.legal->low, spec.legal->high));
  }
}

}  // namespace scant
