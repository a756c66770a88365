// The embeddings of every image's last two views: what is near in an earlier view of an image may be far in today's,
// and is related all the same (the second query of CMSF-2Q).
#pragma once
#include "methods/parts/mean_shift.hpp"

namespace scant {

/// Lengthens a table in place to at least that many rows; new ones hold `fill`.
void grow(torch::Tensor table, std::int64_t rows, double fill);

/// Images are numbered from 0. The pool has room for none until reserve().
class ViewPoolImpl : public torch::nn::Module {
 public:
  explicit ViewPoolImpl(int dim);
  /// Makes room for images 0..count-1 and keeps what is there.
  void reserve(std::int64_t count);
  /// Puts targets N x dim over the older embedding of each of the images N, which are different ones.
  void write(const torch::Tensor& images, const torch::Tensor& targets);
  /// The embedding before the last one of each image, N x dim; of an image written less than twice: zeros.
  torch::Tensor previous(const torch::Tensor& images) const;
  /// The last embedding of each image, N x dim; of an image that was never written: zeros.
  torch::Tensor latest(const torch::Tensor& images) const;
  /// The k of `bank_images` (M) whose previous embeddings are next to those of `images` (N). Images without one have no
  /// neighbours and are nobody's.
  BankNeighbours neighbours(const torch::Tensor& images, const torch::Tensor& bank_images, int k) const;

  /// Buffers: images x 2 x dim; which of the two is older; views so far, at most 2 (int64).
  torch::Tensor pool, slots, seen;
};
TORCH_MODULE(ViewPool);

}  // namespace scant
