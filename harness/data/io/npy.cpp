// Parsing of .npy headers.
#include "harness/data/io/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "harness/core/error.hpp"
#include "harness/data/io/archive_file.hpp"

namespace scant {
namespace {

static_assert(std::endian::native == std::endian::little, "array files are read without swapping bytes");

/// The text behind `'key':` in the dictionary, without leading blanks.
std::string_view value_of(std::string_view dictionary, std::string_view key, const std::string& where) {
  for (const char quote : {'\'', '"'}) {
    const std::size_t at = dictionary.find(fmt::format("{}{}{}", quote, key, quote));
    if (at == std::string_view::npos) continue;
    const std::size_t colon = dictionary.find(':', at + key.size() + 2);
    const std::size_t begin = colon == std::string_view::npos ? colon : dictionary.find_first_not_of(" \t", colon + 1);
    if (begin != std::string_view::npos) return dictionary.substr(begin);
  }
  throw InputError(fmt::format("the npy header has no \"{}\"", key), {where});
}

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

std::int64_t from_float(double value, const std::string& where) {
  if (std::nearbyint(value) != value || std::abs(value) > 1e15) {
    throw InputError(fmt::format("the value {} is no whole number", value), {where});
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::int64_t NpyHeader::values() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) product *= extent;
  return product;
}

NpyHeader parse_npy_header(std::string_view dictionary, const std::string& where) {
  NpyHeader header;
  const std::string_view descr = value_of(dictionary, "descr", where);
  const std::string_view text = descr.size() < 5 ? "" : descr.substr(1, 3);
  static const std::set<std::string_view> types = {"u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "b1"};
  if ((descr[0] != '\'' && descr[0] != '"') || text.empty() || !types.contains(text.substr(1)) ||
      descr[4] != descr[0]) {
    throw InputError(fmt::format("array type {} is not read (integers, bool, f4 and f8 are)", descr.substr(0, 12)),
                     {where});
  }
  if (text[0] == '>') throw InputError("the array is big-endian; save it as little-endian", {where});
  header.dtype = text.substr(1);
  if (!value_of(dictionary, "fortran_order", where).starts_with("False")) {
    throw InputError("the array is in Fortran order; save it with numpy.ascontiguousarray", {where});
  }
  const std::string_view shape = value_of(dictionary, "shape", where);
  const std::size_t close = shape.find(')');
  if (!shape.starts_with('(') || close == std::string_view::npos)
    throw InputError("the npy shape is no tuple", {where});
  const char* at = shape.data() + 1;
  const char* end = shape.data() + close;
  // 2^40 values are far above any data set and far below an overflow of the product below.
  constexpr std::int64_t most = std::int64_t{1} << 40;
  std::int64_t product = 1;
  while (at < end) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t extent = -1;
    const auto [rest, error] = std::from_chars(at, end, extent);
    if (error != std::errc() || extent < 0 || (extent > 0 && product > most / extent)) {
      throw InputError(fmt::format("the npy shape {} is not possible", shape.substr(0, close + 1)), {where});
    }
    product *= std::max<std::int64_t>(extent, 1);
    header.shape.push_back(extent);
    at = rest;
  }
  return header;
}

NpyHeader read_npy_header(ArchiveFile& stream, const std::string& where) {
  unsigned char start[8];
  stream.read(start, sizeof start);
  if (std::memcmp(start, "\x93NUMPY", 6) != 0 || start[6] < 1 || start[6] > 3) {
    throw InputError("is no npy array of version 1 to 3", {where});
  }
  unsigned char length_bytes[4] = {};
  stream.read(length_bytes, start[6] == 1 ? 2 : 4);
  std::uint32_t length = 0;
  std::memcpy(&length, length_bytes, sizeof length);
  if (length > 1 << 20) throw InputError(fmt::format("an npy header of {} bytes is not possible", length), {where});
  std::string dictionary(length, '\0');
  stream.read(dictionary.data(), length);
  return parse_npy_header(dictionary, where);
}

std::int64_t whole_number(const std::byte* value, const NpyHeader& header, const std::string& where) {
  const char kind = header.dtype[0];
  const std::size_t size = header.value_bytes();
  if (kind == 'f') return from_float(size == 4 ? load<float>(value) : load<double>(value), where);
  if (kind == 'i') {
    switch (size) {
      case 1:
        return load<std::int8_t>(value);
      case 2:
        return load<std::int16_t>(value);
      case 4:
        return load<std::int32_t>(value);
      default:
        return load<std::int64_t>(value);
    }
  }
  switch (size) {
    case 1:
      return load<std::uint8_t>(value);
    case 2:
      return load<std::uint16_t>(value);
    case 4:
      return load<std::uint32_t>(value);
    default: {
      const auto wide = load<std::uint64_t>(value);
      if (wide > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw InputError(fmt::format("the value {} is too large", wide), {where});
      }
      return static_cast<std::int64_t>(wide);
    }
  }
}

}  // namespace scant
