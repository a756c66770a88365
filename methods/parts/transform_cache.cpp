// Kept results of a fixed transform.
#include "methods/parts/transform_cache.hpp"

#include "harness/core/random.hpp"

namespace scant {
namespace {

/// Odd factors of a fixed sequence.
torch::Tensor odd_factors(std::int64_t words, torch::Device device) {
  torch::Tensor factors = torch::empty({2, words}, torch::kInt64);
  auto* values = factors.data_ptr<std::int64_t>();
  Random random(0x7c3e9a1d5b2f8641);
  for (std::int64_t i = 0; i < factors.numel(); ++i)
    values[i] = static_cast<std::int64_t>(std::uint64_t{random.bits()} << 32 | random.bits() | 1);
  return factors.to(device);
}

}  // namespace

std::vector<TransformCache::Fingerprint> TransformCache::fingerprints(const torch::Tensor& images) {
  const torch::Tensor words = images.contiguous().flatten(1).view(torch::kInt32).to(torch::kInt64);
  if (!factors_.defined() || factors_.size(1) != words.size(1)) factors_ = odd_factors(words.size(1), words.device());
  const torch::Tensor sums = torch::stack({(words * factors_[0]).sum(1), (words * factors_[1]).sum(1)}, 1).cpu();
  const auto values = sums.accessor<std::int64_t, 2>();
  std::vector<Fingerprint> result;
  for (std::int64_t i = 0; i < images.size(0); ++i) result.push_back({values[i][0], values[i][1]});
  return result;
}

torch::Tensor TransformCache::operator()(const torch::Tensor& images, const Transform& transform) {
  const torch::NoGradGuard no_grad;
  const std::vector<Fingerprint> keys = fingerprints(images);
  std::vector<torch::Tensor> rows;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto found = kept_.find(keys[i]); found != kept_.end()) {
      rows.push_back(found->second);
      continue;
    }
    rows.push_back(transform(images.narrow(0, static_cast<std::int64_t>(i), 1)));
    const auto bytes = static_cast<std::int64_t>(rows.back().nbytes());
    if (bytes > bytes_left_) continue;
    bytes_left_ -= bytes;
    kept_.emplace(keys[i], rows.back());
  }
  return at::cat(rows);
}

}  // namespace scant
