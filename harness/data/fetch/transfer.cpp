// HTTP through libcurl.
#include "harness/data/fetch/transfer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "harness/core/error.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

constexpr long max_redirects = 10;

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What the callbacks of one attempt share.
struct Download {
  const TransferOptions& options;
  fs::path part;
  CURL* curl = nullptr;
  std::unique_ptr<std::FILE, Closer> file;
  std::int64_t have = 0;          // bytes in the part
  std::int64_t range_first = -1;  // of the response's Content-Range
  std::string etag;
  std::string refusal;  // why a callback ended the transfer
  int write_error = 0;  // errno

  long status() const {
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  bool open(bool anew) {
    file.reset(std::fopen(part.c_str(), anew ? "wb" : "ab"));
    if (!file) write_error = errno;
    return file != nullptr;
  }

  /// Decides from the response's head whether its body continues the part or replaces it.
  bool start() {
    const bool continues = status() == 206;
    if (continues && range_first != options.offset) {
      refusal = fmt::format("asked for the bytes from {}, it sent those from {}", options.offset, range_first);
      return false;
    }
    have = continues ? options.offset : 0;
    if (options.on_start) options.on_start(etag);
    return open(!continues);
  }

  bool write(const char* bytes, std::size_t size) {
    if (!file && !start()) return false;
    if (options.expected_bytes > 0 && have + static_cast<std::int64_t>(size) > options.expected_bytes) {
      refusal = fmt::format("it sends more than the {} bytes expected", options.expected_bytes);
      return false;
    }
    if (std::fwrite(bytes, 1, size, file.get()) != size) {
      write_error = errno;
      return false;
    }
    have += static_cast<std::int64_t>(size);
    if (options.on_progress) {
      curl_off_t rest = -1;
      curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &rest);
      const std::int64_t first = status() == 206 ? options.offset : 0;
      options.on_progress(have, rest > 0 ? first + rest : options.expected_bytes);
    }
    return true;
  }

  void header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // a redirect's head went before
      range_first = -1;
      etag.clear();
      return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string value(line.substr(colon + 1));
    value.erase(0, value.find_first_not_of(" \t"));
    value.erase(value.find_last_not_of(" \t\r\n") + 1);
    if (name == "etag") etag = value;
    long long first = 0;
    if (name == "content-range" && std::sscanf(value.c_str(), "bytes %lld-", &first) == 1) range_first = first;
  }
};

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) {
  return static_cast<Download*>(user)->write(bytes, size) ? size : 0;
}

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* user) {
  static_cast<Download*>(user)->header({bytes, size});
  return size;
}

void restrict_protocols(CURL* curl, bool secure) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS,
                   static_cast<long>(secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

std::string describe(CURLcode code, const Download& download, const char* detail) {
  if (!download.refusal.empty()) return download.refusal;
  if (code == CURLE_HTTP_RETURNED_ERROR) return fmt::format("HTTP status {}", download.status());
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return fmt::format("nothing came for {} s, after {} bytes", download.options.stall_seconds, download.have);
  }
  if (code == CURLE_TOO_MANY_REDIRECTS) return fmt::format("more than {} redirects", max_redirects);
  const std::string text = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  return download.have > 0 ? fmt::format("{}, after {} bytes", text, download.have) : text;
}

[[noreturn]] void cannot_write(const fs::path& part, int error) {
  throw InputError(fmt::format("cannot be written: {}", std::strerror(error)), {part.string()});
}

void flush_to_disk(Download& download) {
  if (!download.file) return;
  const bool flushed = std::fflush(download.file.get()) == 0 && ::fsync(::fileno(download.file.get())) == 0;
  if (!flushed && download.write_error == 0) download.write_error = errno;
  download.file.reset();
}

}  // namespace

Transfer transfer(const std::string& url, const fs::path& part, const TransferOptions& options) {
  // The function is not thread-safe in old libcurl: once, by the first caller.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, Closer> curl(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw InputError("libcurl cannot be started");
  Download download{options, part, curl.get(), nullptr, options.offset, -1, {}, {}, 0};
  char detail[CURL_ERROR_SIZE] = "";
  std::unique_ptr<curl_slist, Closer> headers;
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_ERRORBUFFER, detail);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, max_redirects);
  set(CURLOPT_USERAGENT, "scant/" SCANT_VERSION);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.stall_seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_seconds));
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &download);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &download);
  restrict_protocols(curl.get(), url.starts_with("https://"));
  if (options.offset > 0) {
    // A header of our own, not CURLOPT_RESUME_FROM: that one fails where a server ignores the range.
    headers.reset(curl_slist_append(nullptr, fmt::format("Range: bytes={}-", options.offset).c_str()));
    if (!options.if_range.empty()) curl_slist_append(headers.get(), ("If-Range: " + options.if_range).c_str());
    set(CURLOPT_HTTPHEADER, headers.get());
  }

  const CURLcode code = curl_easy_perform(curl.get());
  Transfer result;
  result.status = download.status();
  // An empty body calls nobody back.
  if (code == CURLE_OK && !download.file && download.write_error == 0) download.start();
  flush_to_disk(download);
  if (download.write_error != 0) cannot_write(part, download.write_error);
  result.complete = code == CURLE_OK && download.refusal.empty();
  if (!result.complete) result.problem = describe(code, download, detail);
  return result;
}

}  // namespace scant
