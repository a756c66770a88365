// Writing and strictly checked memory-mapped reading of safetensors files.
#include "harness/data/safetensors.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {
namespace {

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit

/// Bytes of one element, 0 for a name that the format does not know.
std::int64_t element_size(const std::string& dtype) {
  static const std::map<std::string, std::int64_t> sizes = {
      {"F64", 8}, {"I64", 8}, {"U64", 8}, {"F32", 4}, {"I32", 4},     {"U32", 4},     {"F16", 2}, {"BF16", 2},
      {"I16", 2}, {"U16", 2}, {"I8", 1},  {"U8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"BOOL", 1}};
  const auto found = sizes.find(dtype);
  return found == sizes.end() ? 0 : found->second;
}

/// Bytes that a tensor takes, -1 if the dtype is unknown, a dimension is negative or the product overflows.
std::int64_t byte_size(const std::string& dtype, const std::vector<std::int64_t>& shape) {
  std::int64_t bytes = element_size(dtype);
  if (bytes == 0) return -1;
  for (const std::int64_t dim : shape) {
    if (dim < 0 || __builtin_mul_overflow(bytes, dim, &bytes)) return -1;
  }
  return bytes;
}

std::shared_ptr<const std::byte> map_file(const std::filesystem::path& file, std::uint64_t& size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw InputError(fmt::format("cannot be read: {}", std::strerror(errno)), {file.string()});
  struct stat info {};
  void* address = MAP_FAILED;
  if (::fstat(fd, &info) == 0 && info.st_size > 0) {
    address = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  }
  const int cause = errno;
  ::close(fd);
  size = static_cast<std::uint64_t>(info.st_size);
  if (size == 0) throw InputError("is empty", {file.string()});
  if (address == MAP_FAILED) {
    throw InputError(fmt::format("cannot be mapped: {}", std::strerror(cause)), {file.string()});
  }
  return {static_cast<const std::byte*>(address),
          [size](const std::byte* start) { ::munmap(const_cast<std::byte*>(start), size); }};
}

/// One entry of the header, checked against `data`, the bytes after it. Throws a JSON exception or InputError.
RawTensor read_entry(const std::string& name, const Json& entry, std::span<const std::byte> data,
                     const std::string& file) {
  for (const char* key : {"shape", "data_offsets"}) {
    for (const Json& number : entry.at(key)) {
      if (!number.is_number_integer())
        throw InputError(fmt::format("tensor \"{}\" has a {} that is no integer", name, key), {file});
    }
  }
  RawTensor tensor;
  tensor.dtype = entry.at("dtype").get<std::string>();
  tensor.shape = entry.at("shape").get<std::vector<std::int64_t>>();
  const auto range = entry.at("data_offsets").get<std::array<std::uint64_t, 2>>();
  const std::int64_t bytes = byte_size(tensor.dtype, tensor.shape);
  if (bytes < 0) throw InputError(fmt::format("tensor \"{}\" has an impossible type or shape", name), {file});
  if (range[0] > range[1] || range[1] > data.size()) {
    throw InputError(fmt::format("is truncated: tensor \"{}\" ends at byte {} of {}", name, range[1], data.size()),
                     {file});
  }
  if (range[1] - range[0] != static_cast<std::uint64_t>(bytes)) {
    throw InputError(
        fmt::format("tensor \"{}\" holds {} bytes where its shape needs {}", name, range[1] - range[0], bytes), {file});
  }
  tensor.bytes = data.subspan(range[0], range[1] - range[0]);
  return tensor;
}

/// The tensors must tile the data: no gap, no overlap, nothing behind the last.
void check_tiling(const std::map<std::string, RawTensor>& tensors, std::span<const std::byte> data,
                  const std::string& file) {
  std::vector<std::span<const std::byte>> parts;
  for (const auto& [name, tensor] : tensors) parts.push_back(tensor.bytes);
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.data() != b.data() ? a.data() < b.data() : a.size() < b.size();
  });
  const std::byte* end = data.data();
  for (const auto& part : parts) {
    if (part.data() != end) throw InputError("has tensors that overlap or leave a gap", {file});
    end = part.data() + part.size();
  }
  const auto rest = data.data() + data.size() - end;
  if (rest != 0) throw InputError(fmt::format("has {} bytes that its header does not describe", rest), {file});
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, const std::map<std::string, RawTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  // Gaps are forbidden by the format; wide elements first keeps every tensor aligned to its element without any.
  std::vector<const std::pair<const std::string, RawTensor>*> ordered;
  for (const auto& entry : tensors) ordered.push_back(&entry);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return element_size(a->second.dtype) > element_size(b->second.dtype);
  });

  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto* entry : ordered) {
    const RawTensor& tensor = entry->second;
    if (byte_size(tensor.dtype, tensor.shape) != static_cast<std::int64_t>(tensor.bytes.size())) {
      throw InputError(fmt::format("tensor \"{}\" ({}) has {} bytes, which is not what its shape needs", entry->first,
                                   tensor.dtype, tensor.bytes.size()),
                       {file.string()});
    }
    header[entry->first] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');

  std::array<char, 8> length{};
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>((std::uint64_t{text.size()} >> (8 * i)) & 0xff);
  std::vector<std::string_view> pieces = {{length.data(), length.size()}, text};
  for (const auto* entry : ordered) {
    pieces.emplace_back(reinterpret_cast<const char*>(entry->second.bytes.data()), entry->second.bytes.size());
  }
  write_file_atomically(file, pieces);
}

SafetensorsFile map_safetensors(const std::filesystem::path& file) {
  const std::string place = file.string();
  SafetensorsFile result;
  std::uint64_t size = 0;
  result.mapping = map_file(file, size);
  const std::span<const std::byte> all(result.mapping.get(), size);

  if (size < 8) throw InputError("is truncated: too short for a safetensors file", {place});
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= std::to_integer<std::uint64_t>(all[i]) << (8 * i);
  if (length > kLongestHeader || length > size - 8) {
    throw InputError("is truncated or no safetensors file: its header would end behind the file", {place});
  }
  const auto data = all.subspan(8 + length);
  try {
    const auto* text = reinterpret_cast<const char*>(all.data()) + 8;
    const Json header = Json::parse(text, text + length);
    if (!header.is_object()) throw InputError("is damaged: its header is no JSON object", {place});
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        result.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        result.tensors.emplace(name, read_entry(name, entry, data, place));
      }
    }
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("is damaged: its header cannot be read ({})", error.what()), {place});
  }
  check_tiling(result.tensors, data, place);
  return result;
}

}  // namespace scant
