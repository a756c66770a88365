// The registry of methods: filled by static objects before main, read-only afterwards.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "harness/core/error.hpp"
#include "harness/learn/method.hpp"

namespace scant {
namespace {

std::map<std::string, MethodEntryPoint>& table() {
  static std::map<std::string, MethodEntryPoint> entries;
  return entries;
}

void refuse_unknown(const MethodSpec& spec, const Json& params) {
  std::vector<std::string> names;
  for (const ParamSpec& param : spec.params) names.push_back(param.name);
  for (const auto& [name, value] : params.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest_name(name, names);
    throw InputError(fmt::format("method \"{}\" has no parameter \"{}\"{}; it has {}", spec.name, name,
                                 near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near),
                                 names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
}

}  // namespace

const std::map<std::string, MethodEntryPoint>& methods() {
  return table();
}

void register_method(MethodEntryPoint entry) {
  const std::string name = entry.spec.name;
  entry.make = [spec = entry.spec, make = std::move(entry.make)](const Json& params) {
    refuse_unknown(spec, params);
    return make(params);
  };
  if (!table().emplace(name, std::move(entry)).second) {
    // Before main there is nobody to catch an exception.
    fmt::print(stderr, "two methods are registered as \"{}\"; rename one of them\n", name);
    std::exit(EXIT_FAILURE);
  }
}

}  // namespace scant
