// Query and key networks, and the queue.
#include "methods/parts/moco.hpp"

#include "harness/learn/averaging.hpp"

namespace scant {
namespace {

/// Parameters and buffers of one module into another of the same kind.
void copy_module(torch::nn::Module& from, torch::nn::Module& to) {
  const torch::NoGradGuard no_grad;
  const auto parameters = from.named_parameters(), buffers = from.named_buffers();
  for (auto& entry : to.named_parameters()) entry.value().copy_(parameters[entry.key()]);
  for (auto& entry : to.named_buffers()) entry.value().copy_(buffers[entry.key()]);
}

}  // namespace

LinearHeadImpl::LinearHeadImpl(int in, int classes, Random& random) {
  fc = register_module("fc", make_linear(in, classes, random));
}

MocoImpl::MocoImpl(std::shared_ptr<Backbone> query, std::shared_ptr<Backbone> key, int classes,
                   const MocoOptions& options, Random& random)
    : options_(options) {
  const int features = query->dim();
  queue = register_buffer("queue", torch::empty({options.dim, options.queue}));
  queue_ptr = register_buffer("queue_ptr", torch::zeros({1}, torch::kInt64));
  encoder_q = register_module("encoder_q", std::move(query));
  encoder_k = register_module("encoder_k", std::move(key));
  mlp_q = register_module("mlp_q", Projector(features, options.dim, random));
  mlp_k = register_module("mlp_k", Projector(features, options.dim, random));
  lh = register_module("lh", LinearHead(features, classes, random));
  fill_normal(queue, 1, random);
  queue.div_(at::linalg_vector_norm(queue, 2, at::IntArrayRef{0}, true));
  for (const auto& [from, to] : {std::pair<torch::nn::Module*, torch::nn::Module*>{encoder_q.get(), encoder_k.get()},
                                 {mlp_q.get(), mlp_k.get()}}) {
    copy_module(*from, *to);
    for (torch::Tensor& p : from->parameters()) query_parameters_.push_back(p);
    for (torch::Tensor& p : to->parameters()) key_parameters_.push_back(p.requires_grad_(false));
  }
}

torch::Tensor MocoImpl::keys(const torch::Tensor& images, const std::vector<std::int64_t>& permutation) {
  const torch::NoGradGuard no_grad;
  move_towards(key_parameters_, query_parameters_, options_.key_momentum);
  const torch::Tensor order = torch::tensor(permutation, torch::kInt64).to(images.device());
  const torch::Tensor shuffled = images.index_select(0, order).contiguous(images.suggest_memory_format());
  const torch::Tensor features = full_precision(encoder_k->features(shuffled));
  const Autocast off(images.device().type(), false);
  const torch::Tensor encoded = unit_rows(mlp_k->forward(features));
  return torch::empty_like(encoded).index_copy_(0, order, encoded);
}

torch::Tensor MocoImpl::logits(const torch::Tensor& queries, const torch::Tensor& keys) const {
  const torch::Tensor own = (queries * keys).sum(1, true) - options_.margin;
  return torch::cat({own, queries.matmul(queue)}, 1) / options_.temperature;
}

void MocoImpl::enqueue(const torch::Tensor& keys, std::int64_t position) {
  const torch::NoGradGuard no_grad;
  const std::int64_t length = queue.size(1), n = keys.size(0);
  const torch::Tensor places = torch::arange(position, position + n, queue_ptr.options()).remainder_(length);
  queue.index_copy_(1, places, keys.t().to(queue.scalar_type()));
  queue_ptr.fill_((position + n) % length);
}

}  // namespace scant
