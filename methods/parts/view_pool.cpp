// Two embeddings an image.
#include "methods/parts/view_pool.hpp"

namespace scant {

ViewPoolImpl::ViewPoolImpl(int dim) : dim_(dim) {
  pool = register_buffer("pool", torch::zeros({0}));
  slots = register_buffer("slots", torch::zeros({0}, torch::kInt64));
  seen = register_buffer("seen", torch::zeros({0}, torch::kInt64));
}

void ViewPoolImpl::resize(std::int64_t images) {
  if (size() == images) return;
  const torch::NoGradGuard no_grad;
  pool.resize_({2, images, dim_}).zero_();
  slots.resize_({images}).zero_();
  seen.resize_({images}).zero_();
}

void ViewPoolImpl::write(const torch::Tensor& images, const torch::Tensor& targets) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor older = slots.index_select(0, images);
  pool.index_put_({older, images}, targets.to(pool.scalar_type()));
  slots.index_copy_(0, images, 1 - older);
  seen.index_copy_(0, images, (seen.index_select(0, images) + 1).clamp_max(2));
}

torch::Tensor ViewPoolImpl::previous(const torch::Tensor& images) const {
  return pool.index({slots.index_select(0, images), images});
}

torch::Tensor ViewPoolImpl::latest(const torch::Tensor& images) const {
  return pool.index({1 - slots.index_select(0, images), images});
}

Neighbours ViewPoolImpl::neighbours(const torch::Tensor& images, const torch::Tensor& bank_images, int k) const {
  const auto twice = [&](const torch::Tensor& some) { return seen.index_select(0, some).eq(2); };
  const torch::Tensor both = twice(images).unsqueeze(1).logical_and(twice(bank_images).unsqueeze(0));
  return nearest(unit_distances(previous(images), previous(bank_images)), both, k);
}

}  // namespace scant
