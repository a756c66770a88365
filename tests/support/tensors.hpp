// Tensors that tests start from, and how far two are apart.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/backbone.hpp"

namespace scant::test {

/// Standard normal, double precision.
inline torch::Tensor noise(at::IntArrayRef shape, std::uint64_t seed = 3) {
  Random random(seed);
  torch::Tensor values = torch::empty(shape, torch::kFloat64);
  fill_normal(values, 1, random);
  return values;
}

inline torch::Tensor integers(const std::vector<std::int64_t>& values) {
  return torch::tensor(values, torch::kInt64);
}

/// The largest between two values of one place; 0 of empty tensors.
inline double difference(const torch::Tensor& a, const torch::Tensor& b) {
  return a.numel() == 0 ? 0 : (a - b).abs().max().item<double>();
}

}  // namespace scant::test
