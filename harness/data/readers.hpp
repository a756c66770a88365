// Readers of files in the data sets' own formats. Each decodes a folder described by a card into a bank; images keep
// the split files' names.
#pragma once
#include "harness/data/bank.hpp"
#include "harness/data/card.hpp"

namespace scant {

/// What a reader found: the bank, and per image the role that the files themselves state ("train", "val", "test"), if
/// they do.
struct Decoded {
  ImageBank bank;
  std::vector<std::string> roles;
};

/// Reads the card's data below `folder` with the card's reader. `options` are the suite's (embedded sets: difficulty).
/// Throws InputError naming the file and what is wrong with it.
Decoded decode(const Card& card, const std::filesystem::path& folder, const Json& options, int threads);

/// Digest of the source files that `decode` would read (names, sizes, modification times) together with the card's
/// settings: the cache key.
std::string source_key(const Card& card, const std::filesystem::path& folder, const Json& options);

}  // namespace scant
