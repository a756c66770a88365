// Results of a fixed transform of images, kept for the next time that the same image comes.
#pragma once
#include <array>
#include <functional>
#include <map>

#include "harness/learn/compat.hpp"

namespace scant {

/// An image is recognised by two 64-bit linear sums over all its bits, so it does not matter where it comes from: from
/// an evaluation set, or from a finite set of augmentations. What does not fit any more is computed every time.
///
/// Images are transformed one at a time, so that a kept result has the bits of a computed one: an interrupted run,
/// which starts with an empty cache, goes on as it would have.
class TransformCache {
 public:
  using Transform = std::function<torch::Tensor(const torch::Tensor& image)>;  // 1 x ... -> 1 x ...
  explicit TransformCache(std::int64_t bytes) : bytes_left_(bytes) {}
  /// The transform of every image along dimension 0; without autograd.
  torch::Tensor operator()(const torch::Tensor& images, const Transform& transform);
  std::size_t size() const { return kept_.size(); }

 private:
  using Fingerprint = std::array<std::int64_t, 2>;
  std::vector<Fingerprint> fingerprints(const torch::Tensor& images);

  std::int64_t bytes_left_;
  torch::Tensor factors_;  // 2 x 32-bit words of an image
  std::map<Fingerprint, torch::Tensor> kept_;
};

}  // namespace scant
