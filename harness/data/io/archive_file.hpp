// Streams out of .zip and .gz files through libarchive, so that no array has to be unpacked to disk or held twice.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>

struct archive;

namespace scant {

/// One pass over a file: a zip's entries, or the single stream of a .gz or plain file.
class ArchiveFile {
 public:
  enum class Kind { zip, stream };
  /// Throws InputError naming the file.
  ArchiveFile(std::filesystem::path file, Kind kind);
  ~ArchiveFile();
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;

  /// Goes on to the next entry and gives its name; false behind the last one.
  bool next(std::string& name);
  /// Fills `size` bytes from the entry. Throws InputError if the entry ends before, or is damaged.
  void read(void* to, std::size_t size);
  /// Throws InputError if bytes are left in the entry.
  void expect_end();
  const std::filesystem::path& file() const { return file_; }

 private:
  [[noreturn]] void fail(const std::string& what) const;
  std::filesystem::path file_;
  ::archive* archive_;
};

}  // namespace scant
