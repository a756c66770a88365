// The .npy header of numpy arrays, and their values as images or labels.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/data/bank.hpp"

namespace scant {

class ArchiveFile;

/// dtype as numpy spells it without the byte order ("u1", "f4", "i8", ...), and the shape.
struct NpyHeader {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::size_t value_bytes() const { return static_cast<std::size_t>(dtype[1] - '0'); }
  std::int64_t values() const;
};

/// Parses the header's Python dictionary. Little-endian C-order arrays of u1 i1 u2 i2 u4 i4 u8 i8 f4 f8 b1 are
/// accepted; Fortran order, big-endian and object arrays throw InputError saying so. `where` names file and array.
NpyHeader parse_npy_header(std::string_view dictionary, const std::string& where);

/// Reads magic, version (1 to 3) and header from the stream.
NpyHeader read_npy_header(ArchiveFile& stream, const std::string& where);

/// One value of an integer, bool or float array. Throws InputError unless it is a whole number.
std::int64_t whole_number(const std::byte* value, const NpyHeader& header, const std::string& where);

}  // namespace scant
