// Banks kept on disk: the cache of decoded files, and prepared banks that need no files at all.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/dataset.hpp"

namespace scant {

struct CachedBank {
  ImageBank bank;
  std::vector<std::string> roles;
};

/// The cached bank of `key`; nothing if the file is absent, or, with a message on stderr, if it is damaged.
std::optional<CachedBank> read_cached(const std::filesystem::path& file, const std::string& key);

/// Stores a bank, creating the folder. False, with a message on stderr, if that fails: a cache is a convenience.
bool write_cached(const std::filesystem::path& file, const std::string& key, const CachedBank& cached);

/// Reads what save_prepared wrote. Throws InputError if the file belongs to another data set or other options.
Dataset read_prepared(const Card& card, const Json& options, const std::filesystem::path& file);

}  // namespace scant
