// One attempt at one URL: bytes into a .part file, going on where it ends.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace scant {

struct TransferOptions {
  std::int64_t offset = 0;          // go on behind this many bytes of the part; 0: start anew
  std::string if_range;             // entity tag: the server restarts by itself if the file is another one now
  std::int64_t expected_bytes = 0;  // of the whole file; 0: unknown. More than that is refused at once
  int stall_seconds = 30;
  std::function<void(const std::string& etag)> on_start;                        // before the first byte is written
  std::function<void(std::int64_t have, std::int64_t total)> on_progress = {};  // total 0: unknown
};

struct Transfer {
  bool complete = false;
  long status = 0;      // HTTP status of the last response, 0 if there was none
  std::string problem;  // why it is not complete, for people
};

/// Writes what `url` (http or https, at most 10 redirects, none from https to http) sends to `part`, and flushes it to
/// disk. A server that ignores the range starts the part over. Throws InputError if `part` cannot be written.
Transfer transfer(const std::string& url, const std::filesystem::path& part, const TransferOptions& options);

}  // namespace scant
