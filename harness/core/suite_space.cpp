// Parameter values and search spaces of a suite against what a method declares.
#include <cmath>

#include "harness/core/suite_space.hpp"

namespace scant {

const ParamSpec* find_param(const MethodSpec& method, const std::string& name) {
  for (const ParamSpec& spec : method.params) {
    if (spec.name == name) return &spec;
  }
  return nullptr;
}

Json typed_value(const ParamSpec& spec, Json value) {
  if (spec.default_value.is_number_float() && value.is_number_integer()) return value.get<double>();
  return value;
}

Space typed_space(const ParamSpec& spec, Space space) {
  for (Json& value : space.values) value = typed_value(spec, value);
  return space;
}

void check_space(const ParamSpec& spec, const Space& space) {
  if (space.kind == Space::Kind::choice) {
    for (const Json& value : space.values) check_param(spec, value);
    return;
  }
  if (!spec.default_value.is_number()) {
    throw InputError("parameter \"" + spec.name + "\" is no number: search it with { choice = [...] }");
  }
  for (const double bound : {space.low, space.high}) {
    if (spec.default_value.is_number_integer()) {
      check_param(spec, std::llround(bound));
    } else {
      check_param(spec, bound);
    }
  }
}

}  // namespace scant
