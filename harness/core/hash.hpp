// SHA-256 and MD5 of bytes and files, through OpenSSL.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace scant {

/// A digest fed piece by piece.
class Digest {
 public:
  enum class Kind { sha256, md5 };
  explicit Digest(Kind kind = Kind::sha256);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  void add(std::string_view bytes);
  /// Lower-case hexadecimal. The object is spent afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

/// Digest of a file's content. Throws InputError if it cannot be read.
std::string file_digest(const std::filesystem::path& file, Digest::Kind kind = Digest::Kind::sha256);

}  // namespace scant
