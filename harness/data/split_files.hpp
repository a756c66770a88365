// Splits that come as text lists of image names.
#pragma once
#include <filesystem>
#include <vector>

#include "harness/data/splits.hpp"

namespace scant {

/// The rule "files" (see make_split).
Split split_from_files(const SplitSource& source, int split);

/// A text file of 0-based positions, one a line, sorted on return. Throws InputError naming file and line for anything
/// that is no number below `limit`.
std::vector<std::int64_t> read_positions(const std::filesystem::path& file, std::int64_t limit);

}  // namespace scant
