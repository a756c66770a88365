// Protocol buffers' wire format by hand: a field is its number and wire type, then its value.
#include "results/logs/tensorboard.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "harness/core/json.hpp"

namespace scant {
namespace {

/// Little-endian bytes, whatever this machine's order.
template <class T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  if constexpr (std::endian::native == std::endian::big) bytes.assign(bytes.rbegin(), bytes.rend());
  return bytes;
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes += static_cast<char>(value);
}

enum WireType : std::uint32_t { integer = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };

std::string key(std::uint32_t field, WireType type) {
  return varint(field << 3 | type);
}

std::string message(std::uint32_t field, std::string_view content) {
  return key(field, length_delimited) + varint(content.size()) + std::string(content);
}

/// Event: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string), summary = 5 (Summary).
std::string event(double wall_time, int step, const std::string& content) {
  std::string bytes = key(1, fixed64) + bytes_of(wall_time);
  if (step > 0) bytes += key(2, integer) + varint(static_cast<std::uint64_t>(step));
  return bytes + content;
}

/// Summary: value = 1 (tag = 1, simple_value = 2).
std::string scalar(const std::string& tag, double value) {
  const std::string entry = message(1, tag) + key(2, fixed32) + bytes_of(static_cast<float>(value));
  return message(5, message(1, entry));
}

std::uint32_t masked(std::uint32_t crc) {
  return std::rotr(crc, 15) + 0xa282ead8U;
}

/// TFRecord: length, its checksum, the bytes, theirs.
std::string framed(const std::string& bytes) {
  const std::string length = bytes_of(static_cast<std::uint64_t>(bytes.size()));
  return length + bytes_of(masked(crc32c(length))) + bytes + bytes_of(masked(crc32c(bytes)));
}

std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    table[i] = crc;
  }
  return table;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = crc_table();
  std::uint32_t crc = ~0U;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::string event_file(const Record& record) {
  std::string bytes = framed(event(0, 0, message(3, "brain.Event:2")));
  const double seconds_an_epoch = record.epochs_done > 0 ? record.cost.wall_seconds / record.epochs_done : 0;
  for (const CurveOfRun& curve : curves_of(record)) {
    for (const auto& [epoch, value] : curve.points) {
      bytes += framed(event(epoch * seconds_an_epoch, epoch, scalar(curve.name, value)));
    }
  }
  return bytes;
}

void write_events(const std::filesystem::path& folder, const Study& study, const Record& record) {
  const std::filesystem::path file = folder / run_name(study, record) / "events.out.tfevents.0.scant";
  std::filesystem::create_directories(file.parent_path());
  write_file_atomically(file, event_file(record));
}

}  // namespace scant
