// Is a file what the card says? And what fetch remembers beside the files, below .scant-fetch/.
#pragma once
#include <filesystem>
#include <string>

#include "harness/data/card.hpp"

namespace scant {

/// The result of comparing a file with a download.
struct FileCheck {
  bool right = false;
  bool published = false;  // the card states a digest, so `right` means that it matched
  std::int64_t bytes = 0;
  std::string digest;  // "sha256:..." (or "md5:..." where only that is published) of the file; "" if the size was wrong
  std::string problem;  // "SHA-256 is 12ab..., expected 34cd..."
};

/// Compares size and digest. `remembered`: the digest of an earlier complete download ("" if none), compared where the
/// card states none. Throws InputError if the file cannot be read.
FileCheck check_file(const std::filesystem::path& file, const Download& download, const std::string& remembered);

/// "170052171 bytes, SHA-256 c4a3..." or "no published size or digest".
std::string expectation(const Download& download);

/// What earlier calls left in a data set's folder; one small text file for each fact.
class FetchNotes {
 public:
  explicit FetchNotes(const std::filesystem::path& folder) : folder_(folder / ".scant-fetch") {}
  const std::filesystem::path& folder() const { return folder_; }
  /// `kind`: "digest", "unpacked", "part" (address and entity tag) or "licence"; `of`: the download's file or the
  /// card's name. "" if there is no note.
  std::string get(const std::string& kind, const std::string& of) const;
  /// An empty value removes the note.
  void set(const std::string& kind, const std::string& of, const std::string& value) const;

 private:
  std::filesystem::path file(const std::string& kind, const std::string& of) const;
  std::filesystem::path folder_;
};

/// Holds a folder's lock for as long as it lives, so that two processes do not write one .part.
class FetchLock {
 public:
  /// Waits; `waiting` is called first if it must. Throws InputError if the folder cannot be written.
  template <class Waiting>
  FetchLock(const std::filesystem::path& folder, Waiting waiting) : descriptor_(open_lock(folder)) {
    if (!try_lock()) {
      waiting();
      lock();
    }
  }
  ~FetchLock();
  FetchLock(const FetchLock&) = delete;
  FetchLock& operator=(const FetchLock&) = delete;

 private:
  static int open_lock(const std::filesystem::path& folder);
  bool try_lock() const;
  void lock() const;
  int descriptor_;
};

}  // namespace scant
