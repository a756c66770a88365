// Embedded data: stand-ins for the six domains, written in the real on-disk formats so that they walk through the real
// readers.
#pragma once
#include <filesystem>
#include <string>

#include "harness/core/json.hpp"

namespace scant {

/// Writes the embedded data set `name` ("synthetic-natural", "synthetic-fine", "synthetic-lesion",
/// "synthetic-spectral", "synthetic-script", "synthetic-tissue") below `folder`. Deterministic: the same options give
/// the same bytes. `options`: difficulty in [0,1] (default 0.3), seed, and per-class counts.
void generate(const std::string& name, const Json& options, const std::filesystem::path& folder);

}  // namespace scant
