// Parameter values and search spaces against what a method declares. Private to suite*.cpp and plan.cpp.
#pragma once
#include <string>

#include "harness/core/catalogue.hpp"

namespace scant {

/// The declaration of parameter `name`, or nullptr.
const ParamSpec* find_param(const MethodSpec& method, const std::string& name);

/// A value in the type of the parameter: 1 means 1.0 where the default is 0.5, so that both give one trial.
Json typed_value(const ParamSpec& spec, Json value);
Space typed_space(const ParamSpec& spec, Space space);

/// Throws InputError naming the parameter unless every value that `space` can give is legal.
void check_space(const ParamSpec& spec, const Space& space);

}  // namespace scant
