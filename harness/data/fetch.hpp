// Brings data sets to this machine: resume, mirrors, digests, atomic rename, unpacking. The only code that connects.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "harness/data/card.hpp"

namespace scant {

struct FetchOptions {
  std::filesystem::path data;                        // data folder; a set lands in <data>/<its first folder>
  bool verify_only = false;                          // --verify: check what is there, download nothing
  int stall_seconds = 30;                            // give up on a mirror that sends nothing for this long
  std::function<void(const std::string& line)> say;  // progress and licence, one line each
};

/// Fetches everything a card lists. Throws InputError naming file, URL, expected and found, and the folder for manual
/// placement; whatever was wrong is left as <file>.part, never under its own name.
void fetch(const Card& card, const FetchOptions& options);

}  // namespace scant
