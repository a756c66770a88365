// A ring of columns.
#include "methods/parts/key_queue.hpp"

#include "harness/learn/backbone.hpp"

namespace scant {
namespace {

torch::Tensor ring_places(const torch::Tensor& queue, std::int64_t dimension, std::int64_t position, std::int64_t n) {
  return torch::arange(position, position + n, torch::TensorOptions(torch::kInt64).device(queue.device()))
      .remainder_(queue.size(dimension));
}

}  // namespace

void fill_with_unit_keys(torch::Tensor queue, Random& random) {
  const torch::NoGradGuard no_grad;
  fill_normal(queue, 1, random);
  queue.div_(at::linalg_vector_norm(queue, 2, at::IntArrayRef{0}, true));
}

std::int64_t replace_oldest(torch::Tensor queue, const torch::Tensor& keys, std::int64_t position) {
  const torch::NoGradGuard no_grad;
  queue.index_copy_(1, ring_places(queue, 1, position, keys.size(0)), keys.t().to(queue.scalar_type()));
  return (position + keys.size(0)) % queue.size(1);
}

KeyQueueImpl::KeyQueueImpl(int dim, int length, Random& random) {
  keys = register_buffer("keys", torch::empty({dim, length}));
  owners = register_buffer("owners", torch::full({length}, -1, torch::kInt64));
  fill_with_unit_keys(keys, random);
}

void KeyQueueImpl::put(const torch::Tensor& added, const std::vector<std::int64_t>& whose) {
  const auto at = position.item<std::int64_t>();
  const torch::Tensor places = ring_places(owners, 0, at, added.size(0));
  owners.index_copy_(0, places, torch::tensor(whose, torch::kInt64).to(owners.device()));
  position.fill_(replace_oldest(keys, added, at));
}

torch::Tensor KeyQueueImpl::own(const std::vector<std::int64_t>& queries) const {
  return torch::tensor(queries, torch::kInt64).to(owners.device()).unsqueeze(1).eq(owners.unsqueeze(0));
}

}  // namespace scant
