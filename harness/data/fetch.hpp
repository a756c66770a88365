// Brings data sets to this machine: resume, mirrors, digests, atomic rename, unpacking. The only code that connects.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/data/card.hpp"

namespace scant {

struct FetchOptions {
  std::filesystem::path data;                        // data folder; a set lands in <data>/<its first folder>
  bool verify_only = false;                          // --verify: check what is there, connect to nothing
  int stall_seconds = 30;                            // give up on a mirror that sends nothing for this long
  std::function<void(const std::string& line)> say;  // progress and licence, one line each; may be empty
};

/// What became of one of a card's downloads.
struct FetchedFile {
  enum class Outcome {
    present,
    downloaded,
    archive_removed
  };  // archive_removed: unpacked earlier, the archive is gone
  std::filesystem::path file;
  Outcome outcome = Outcome::present;
  std::string url;         // where it came from; "" if it was there
  std::int64_t bytes = 0;  // 0 for archive_removed
  std::string digest;      // "sha256:..." or "md5:..." of the file as it lies there; "" for archive_removed
  bool published = false;  // the digest was compared with the card's
  bool unpacked = false;   // by this call
};

/// Fetches and unpacks everything a card lists; what lies there with the right size and digest is kept without
/// connecting, and an archive is unpacked once. Where no digest is published, the first complete download's is kept
/// beside the file and compared from then on. Two processes may fetch into one folder: the second waits.
/// verify_only: throws InputError listing every file that is missing or differs. Otherwise throws InputError naming
/// file, URLs, expected and found, and the folder for manual placement; an incomplete or wrong download is left as
/// <file>.part, never under its own name.
std::vector<FetchedFile> fetch(const Card& card, const FetchOptions& options);

}  // namespace scant
