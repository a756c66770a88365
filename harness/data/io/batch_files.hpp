// The options that CIFAR's two layouts (binary records, python pickles) share: batch files by role.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/data/io/reader.hpp"

namespace scant {

/// Role and path of every batch file, train before test. Throws InputError for one that is absent unless the card says
/// allow_missing, and in any case where none is there.
std::vector<std::pair<std::string, std::filesystem::path>> batch_files(const ReadTask& task,
                                                                       const std::string& default_folder);

}  // namespace scant
