// The embeddings of every image's last two views: what is near in an earlier view of an image may be far in today's,
// and is related all the same (the second query of CMSF-2Q).
#pragma once
#include "methods/parts/mean_shift.hpp"

namespace scant {

/// Images are numbered 0..size-1. Without any until resize() says how many there are.
class ViewPoolImpl : public torch::nn::Module {
 public:
  explicit ViewPoolImpl(int dim);
  /// Forgets everything unless there are that many images already.
  void resize(std::int64_t images);
  std::int64_t size() const { return slots.size(0); }
  /// Puts targets N x dim over the older embedding of each of the images N, which are different ones.
  void write(const torch::Tensor& images, const torch::Tensor& targets);
  /// The embedding before the last one of each image, N x dim; of an image written less than twice: zeros.
  torch::Tensor previous(const torch::Tensor& images) const;
  /// The last embedding of each image, N x dim; of an image that was never written: zeros.
  torch::Tensor latest(const torch::Tensor& images) const;
  /// The k images among `bank_images` (M) whose previous embeddings are next to those of `images` (N). Images without
  /// one have no neighbours and are nobody's.
  Neighbours neighbours(const torch::Tensor& images, const torch::Tensor& bank_images, int k) const;

  torch::Tensor pool, slots, seen;  // buffers: 2 x size x dim, where the older one is, views so far up to 2 (int64)

 private:
  int dim_;
};
TORCH_MODULE(ViewPool);

}  // namespace scant
