// Sizes, digests, notes and the lock of a data set's folder.
#include "harness/data/fetch/checks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"

namespace scant {
namespace fs = std::filesystem;

FileCheck check_file(const fs::path& file, const Download& download, const std::string& remembered) {
  FileCheck check;
  check.published = !download.sha256.empty() || !download.md5.empty();
  std::error_code error;
  check.bytes = static_cast<std::int64_t>(fs::file_size(file, error));
  if (error) throw InputError(fmt::format("cannot be read: {}", error.message()), {file.string()});
  if (download.bytes > 0 && check.bytes != download.bytes) {
    check.problem = fmt::format("has {} bytes, expected {}", check.bytes, download.bytes);
    return check;
  }
  const bool md5 = download.sha256.empty() && !download.md5.empty();
  const std::string found = file_digest(file, md5 ? Digest::Kind::md5 : Digest::Kind::sha256);
  check.digest = (md5 ? "md5:" : "sha256:") + found;
  if (check.published) {
    const std::string& expected = md5 ? download.md5 : download.sha256;
    if (found != expected) {
      check.problem = fmt::format("{} is {}, expected {}", md5 ? "MD5" : "SHA-256", found, expected);
    }
  } else if (!remembered.empty() && remembered != check.digest) {
    check.problem = fmt::format("digest is {}, when it was fetched it was {}", check.digest, remembered);
  }
  check.right = check.problem.empty();
  return check;
}

std::string expectation(const Download& download) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (download.bytes > 0) add(fmt::format("{} bytes", download.bytes));
  if (!download.sha256.empty()) add("SHA-256 " + download.sha256);
  if (!download.md5.empty()) add("MD5 " + download.md5);
  return text.empty() ? "no published size or digest" : text;
}

fs::path FetchNotes::file(const std::string& kind, const std::string& of) const {
  std::string flat = of;
  std::replace(flat.begin(), flat.end(), '/', '_');
  return folder_ / fmt::format("{}.{}", flat, kind);
}

std::string FetchNotes::get(const std::string& kind, const std::string& of) const {
  const fs::path note = file(kind, of);
  if (!fs::is_regular_file(note)) return "";
  std::string text = read_file(note);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void FetchNotes::set(const std::string& kind, const std::string& of, const std::string& value) const {
  if (value.empty()) {
    fs::remove(file(kind, of));
    return;
  }
  fs::create_directories(folder_);
  write_file_atomically(file(kind, of), value + "\n");
}

int FetchLock::open_lock(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const int descriptor = error ? -1 : ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    const std::string reason = error ? error.message() : std::strerror(errno);
    throw InputError(fmt::format("cannot be written: {}; choose another folder with --data", reason),
                     {folder.string()});
  }
  return descriptor;
}

bool FetchLock::try_lock() const {
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void FetchLock::lock() const {
  while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FetchLock::~FetchLock() {
  ::close(descriptor_);
}

}  // namespace scant
