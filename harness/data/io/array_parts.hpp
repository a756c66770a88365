// The option `parts` that the idx and hdf5 readers share: an image file and a label file for each role.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/io/reader.hpp"

namespace scant {

struct ArrayPart {
  std::string role;
  std::filesystem::path images, labels;
};

/// All parts of the card, in its order. A name is found with and without .gz where `gzip`. Throws InputError for a file
/// that is absent.
std::vector<ArrayPart> array_parts(const ReadTask& task, bool gzip);

/// Their files, for the source key.
std::vector<std::filesystem::path> files_of(const ReadTask& task, const std::vector<ArrayPart>& parts);

}  // namespace scant
