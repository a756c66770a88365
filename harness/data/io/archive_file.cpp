// Reading compressed files entry by entry.
#include "harness/data/io/archive_file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace scant {

ArchiveFile::ArchiveFile(std::filesystem::path file, Kind kind) : file_(std::move(file)), archive_(archive_read_new()) {
  archive_read_support_filter_gzip(archive_);
  if (kind == Kind::zip) {
    archive_read_support_format_zip_seekable(archive_);
  } else {
    archive_read_support_format_raw(archive_);
  }
  constexpr std::size_t block = 1 << 16;
  if (archive_read_open_filename(archive_, file_.c_str(), block) != ARCHIVE_OK) {
    const std::string reason = archive_error_string(archive_) ? archive_error_string(archive_) : "unknown reason";
    archive_read_free(archive_);
    throw InputError(fmt::format("cannot be opened: {}", reason), {file_.string()});
  }
}

ArchiveFile::~ArchiveFile() {
  archive_read_free(archive_);
}

void ArchiveFile::fail(const std::string& what) const {
  const char* reason = archive_error_string(archive_);
  throw InputError(fmt::format("{}{}{}; fetch it again", what, reason ? ": " : "", reason ? reason : ""),
                   {file_.string()});
}

bool ArchiveFile::next(std::string& name) {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(archive_, &entry);
  if (status == ARCHIVE_EOF) return false;
  if (status < ARCHIVE_WARN) fail("damaged");
  const char* path = archive_entry_pathname(entry);
  name = path ? path : "";
  return true;
}

void ArchiveFile::read(void* to, std::size_t size) {
  auto* out = static_cast<char*>(to);
  while (size > 0) {
    const la_ssize_t got = archive_read_data(archive_, out, size);
    if (got < 0) fail("damaged");
    if (got == 0) fail(fmt::format("ends {} bytes too early", size));
    out += got;
    size -= static_cast<std::size_t>(got);
  }
}

void ArchiveFile::expect_end() {
  char one = 0;
  const la_ssize_t got = archive_read_data(archive_, &one, 1);
  if (got < 0) fail("damaged");
  if (got > 0) fail("longer than its header states");
}

}  // namespace scant
