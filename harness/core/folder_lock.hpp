// One writer a folder.
#pragma once
#include <filesystem>

namespace scant {

/// An exclusive flock on a file that holds the owner's process number. The kernel drops it when the owner dies, however
/// it dies; the file itself stays, because removing it would let two processes lock two files of one name.
class FolderLock {
 public:
  /// Throws InputError if another process holds it, with that process's number, or if the file cannot be written.
  explicit FolderLock(const std::filesystem::path& file);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace scant
