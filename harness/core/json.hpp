// JSON values in canonical form, and the file operations that never leave half a file behind.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace scant {

/// Objects keep their keys sorted, so equal values have equal text.
using Json = nlohmann::json;

/// The one text of a value: sorted keys, no spaces, shortest digits that give the same double back.
std::string canonical(const Json& value);

/// Parses a JSON file. Throws InputError naming the file.
Json read_json(const std::filesystem::path& file);

/// The whole file as bytes. Throws InputError naming the file.
std::string read_file(const std::filesystem::path& file);

/// Writes to a temporary name beside `file`, flushes it to disk and renames: readers see the old file or the new one.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes);
/// The same for content that lies in several places, one piece after the other.
void write_file_atomically(const std::filesystem::path& file, std::span<const std::string_view> pieces);

}  // namespace scant
