// Philox4x32-10 and the draws built on it.
#include "harness/core/random.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "harness/core/hash.hpp"

namespace scant {

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low) {
  // Round and key-schedule constants of the paper's section 4.3.
  constexpr std::uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
  auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
  std::array<std::uint32_t, 4> x{low(counter_low), high(counter_low), low(counter_high), high(counter_high)};
  std::uint32_t k0 = low(key), k1 = high(key);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = multiplier0 * x[0], p1 = multiplier1 * x[2];
    x = {high(p1) ^ x[1] ^ k0, low(p1), high(p0) ^ x[3] ^ k1, low(p0)};
    k0 += weyl0;
    k1 += weyl1;
  }
  return x;
}

std::uint64_t seed_of(std::string_view identity, std::string_view stream) {
  const std::string digest = sha256_hex(std::string(identity) + "|" + std::string(stream));
  return std::stoull(digest.substr(0, 16), nullptr, 16);
}

std::uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = philox(seed_, substream_, counter_++);
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

double Random::uniform() {
  const std::uint64_t high = bits() >> 5, low = bits() >> 6;  // 27 + 26 = 53 bits
  return static_cast<double>((high << 26) | low) * 0x1.0p-53;
}

std::uint64_t Random::below(std::uint64_t n) {
  // Rejection below the largest multiple of n keeps every residue equally likely.
  const std::uint64_t reject = (0 - n) % n;
  for (;;) {
    const std::uint64_t high = bits(), x = (high << 32) | bits();
    if (x >= reject) return x % n;
  }
}

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

}  // namespace scant
