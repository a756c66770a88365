// Two embeddings an image.
#include "methods/parts/view_pool.hpp"

#include <vector>

namespace scant {

void grow(torch::Tensor table, std::int64_t rows, double fill) {
  const std::int64_t before = table.size(0);
  if (rows <= before) return;
  const torch::NoGradGuard no_grad;
  const torch::Tensor kept = table.clone();
  std::vector<std::int64_t> sizes = table.sizes().vec();
  sizes.front() = rows;
  table.resize_(sizes).fill_(fill);
  table.narrow(0, 0, before).copy_(kept);
}

ViewPoolImpl::ViewPoolImpl(int dim) {
  pool = register_buffer("pool", torch::zeros({0, 2, dim}));
  slots = register_buffer("slots", torch::zeros({0}, torch::kInt64));
  seen = register_buffer("seen", torch::zeros({0}, torch::kInt64));
}

void ViewPoolImpl::reserve(std::int64_t count) {
  for (const torch::Tensor& table : {pool, slots, seen}) grow(table, count, 0);
}

void ViewPoolImpl::write(const torch::Tensor& images, const torch::Tensor& targets) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor older = slots.index_select(0, images);
  pool.index_put_({images, older}, targets.to(pool.scalar_type()));
  slots.index_copy_(0, images, 1 - older);
  seen.index_copy_(0, images, (seen.index_select(0, images) + 1).clamp_max(2));
}

torch::Tensor ViewPoolImpl::previous(const torch::Tensor& images) const {
  return pool.index({images, slots.index_select(0, images)});
}

torch::Tensor ViewPoolImpl::latest(const torch::Tensor& images) const {
  return pool.index({images, 1 - slots.index_select(0, images)});
}

BankNeighbours ViewPoolImpl::neighbours(const torch::Tensor& images, const torch::Tensor& bank_images, int k) const {
  const auto twice = [&](const torch::Tensor& some) { return seen.index_select(0, some).eq(2); };
  const torch::Tensor both = twice(images).unsqueeze(1).logical_and(twice(bank_images).unsqueeze(0));
  return nearest(unit_distances(previous(images), previous(bank_images)), both, k);
}

}  // namespace scant
