// The safetensors container (8-byte little-endian header length, JSON header, raw tensors): banks, checkpoints and
// features are stored in it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace scant {

/// One tensor: dtype as the format spells it ("F32", "F64", "BF16", "I64", "I32", "U16", "U8", "BOOL"), shape,
/// row-major bytes.
struct RawTensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// Writes atomically. Tensors lie in the file with the widest elements first, then by name: every tensor is aligned to
/// its elements. Python's safetensors reads it. Throws InputError if bytes and shape disagree or writing fails.
void write_safetensors(const std::filesystem::path& file, const std::map<std::string, RawTensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

/// A memory-mapped file; `tensors` point into it and live as long as any copy of `mapping`.
struct SafetensorsFile {
  std::map<std::string, RawTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const std::byte> mapping;
};

/// Throws InputError if the file is absent, truncated, or its header does not describe exactly the bytes that follow.
SafetensorsFile map_safetensors(const std::filesystem::path& file);

}  // namespace scant
