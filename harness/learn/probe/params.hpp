// Parameters of judges from JSON, unknown names refused.
#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/core/params.hpp"

namespace scant {

/// What `Params::visit` declares.
template <class Params>
std::vector<ParamSpec> specs_of() {
  ParamLister lister;
  Params{}.visit(lister);
  return lister.specs;
}

/// `values`: an object, or null for all defaults. Throws InputError for an unknown name or an illegal value.
template <class Params>
Params read_params(const Json& values) {
  Params params;
  if (values.is_null()) return params;
  std::vector<std::string> known;
  for (const ParamSpec& spec : specs_of<Params>()) known.push_back(spec.name);
  for (const auto& [key, value] : values.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw InputError(fmt::format("the probe has no parameter \"{}\"; it has {}", key, fmt::join(known, ", ")));
  }
  ParamReader reader(values);
  params.visit(reader);
  return params;
}

}  // namespace scant
