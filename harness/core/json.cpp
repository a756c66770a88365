// File reading and atomic writing.
#include "harness/core/json.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "harness/core/error.hpp"

namespace scant {

std::string canonical(const Json& value) {
  return value.dump();
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError(fmt::format("cannot be read: {}", std::strerror(errno)), {file.string()});
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (in.bad()) throw InputError("broke off while being read", {file.string()});
  return std::move(bytes).str();
}

Json read_json(const std::filesystem::path& file) {
  try {
    return Json::parse(read_file(file));
  } catch (const Json::parse_error& error) {
    throw InputError(fmt::format("is not JSON: {}", error.what()), {file.string()});
  }
}

void write_file_atomically(const std::filesystem::path& file, std::string_view bytes) {
  write_file_atomically(file, std::span(&bytes, 1));
}

void write_file_atomically(const std::filesystem::path& file, std::span<const std::string_view> pieces) {
  // Process number and count keep two writers of one file apart; the name is gone after the rename.
  static std::atomic<unsigned> count = 0;
  const std::string part = fmt::format("{}.{}.{}.part", file.string(), ::getpid(), count++);
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) throw InputError(fmt::format("cannot be written: {}", std::strerror(errno)), {part});
  const auto fail = [&](const char* step) {
    const int cause = errno;
    ::close(fd);
    ::unlink(part.c_str());
    throw InputError(fmt::format("{} failed: {}", step, std::strerror(cause)), {part});
  };
  for (std::string_view bytes : pieces) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  if (::fsync(fd) != 0) fail("fsync");
  ::close(fd);
  std::filesystem::rename(part, file);
}

}  // namespace scant
