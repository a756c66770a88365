// Where the next rows of a table go whose oldest rows are overwritten.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// Lives on the host, so that asking never waits for a device; a method adds `state` to its own.
class Ring {
 public:
  explicit Ring(std::int64_t length);
  std::int64_t position() const { return state[0].item<std::int64_t>(); }  // of the next row
  std::int64_t filled() const { return state[1].item<std::int64_t>(); }    // rows 0..filled-1 have been written
  std::int64_t length() const { return state[2].item<std::int64_t>(); }
  /// The places of the next n rows, n int64 on the host, and moves on. n <= length.
  torch::Tensor advance(std::int64_t n);
  /// Uses no more than the first `wanted` rows from now on, or as many as have been written already.
  void shorten(std::int64_t wanted);
  /// For tables that were filled elsewhere: all rows written, the next one is `at`.
  void resume(std::int64_t at);

  torch::Tensor state;  // {position, filled, length}, int64
};

}  // namespace scant
