// Query and key networks, and the queue.
#include "methods/parts/moco.hpp"

#include "methods/parts/info_nce.hpp"
#include "methods/parts/key_queue.hpp"

namespace scant {

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
  fill_with_unit_keys(queue, random);
  follower_.add(*encoder_q, *encoder_k);
  follower_.add(*mlp_q, *mlp_k);
}

torch::Tensor MocoImpl::keys(const torch::Tensor& images, const std::vector<std::int64_t>& permutation) {
  const torch::NoGradGuard no_grad;
  follower_.move(options_.key_momentum);
  return encode_shuffled(images, permutation, [&](const torch::Tensor& shuffled) {
    const torch::Tensor features = full_precision(encoder_k->features(shuffled));
    const Autocast off(images.device().type(), false);
    return unit_rows(mlp_k->forward(features));
  });
}

torch::Tensor MocoImpl::logits(const torch::Tensor& queries, const torch::Tensor& keys) const {
  return info_nce_logits(queries, keys, queue, {.temperature = options_.temperature, .margin = options_.margin});
}

void MocoImpl::enqueue(const torch::Tensor& keys, std::int64_t position) {
  queue_ptr.fill_(replace_oldest(queue, keys, position));
}

}  // namespace scant
