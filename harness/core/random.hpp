// The only source of randomness: a counter-based generator, so that a draw depends on its key and never on what was
// drawn before.
#pragma once
#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <vector>

namespace scant {

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128 random bits of a 64-bit
/// key and a 128-bit counter.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low);

/// First 8 bytes of SHA-256("identity|stream"), big endian.
std::uint64_t seed_of(std::string_view identity, std::string_view stream);

/// A sequence of draws from Philox. (seed, substream) names the sequence: e.g. seed of a trial's augmentation,
/// substream = epoch and image index.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t substream = 0) : seed_(seed), substream_(substream) {}

  std::uint32_t bits();
  /// Uniform in [0, 1) with 53 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in {0, ..., n-1} without bias; n > 0.
  std::uint64_t below(std::uint64_t n);
  /// Standard normal (Box-Muller, both halves used).
  double normal();

  /// Fisher-Yates.
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t seed_, substream_, counter_ = 0;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace scant
