// flock, and who holds it.
#include "harness/core/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "harness/core/error.hpp"

namespace scant {

FolderLock::FolderLock(const std::filesystem::path& file) {
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) throw InputError(fmt::format("cannot be opened: {}", std::strerror(errno)), {file.string()});
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int cause = errno;
    char owner[32] = {};
    const ssize_t length = ::pread(fd_, owner, sizeof owner - 1, 0);
    ::close(fd_);
    if (cause != EWOULDBLOCK) {
      throw InputError(fmt::format("cannot be locked: {}", std::strerror(cause)), {file.string()});
    }
    throw InputError(fmt::format("process {} is writing to this folder: wait for it, stop it, or use another --out",
                                 length > 0 ? owner : "(unknown)"),
                     {file.string()});
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int cause = errno;
    ::close(fd_);
    throw InputError(fmt::format("cannot be written: {}", std::strerror(cause)), {file.string()});
  }
}

FolderLock::~FolderLock() {
  ::close(fd_);
}

}  // namespace scant
