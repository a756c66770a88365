// One step of momentum contrast: queries, the key network's move, keys in another order, loss, queue.
#include "methods/parts/momentum_contrast.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "harness/core/error.hpp"
#include "methods/parts/split_norm.hpp"

namespace scant {

std::shared_ptr<Backbone> MomentumContrast::make_encoder(Random& random) const {
  SplitNormMaker split(splits);
  return make_backbone(backbone_spec(), random, split);
}

void MomentumContrast::add_heads(torch::nn::Module& root, int features, Random& random) {
  check_two_views();
  const int step = (symmetric ? 2 : 1) * batch_size;
  if (queue < step) {
    throw InputError(fmt::format("queue = {} must hold the keys of at least one step, {} with batch_size = {}", queue,
                                 step, batch_size));
  }
  projector_ = root.register_module("projector", Projector(features, dim, random));
  key_encoder_ = root.register_module("key_encoder", make_encoder(random));
  key_encoder_->drop_classifier();
  key_projector_ = root.register_module("key_projector", Projector(features, dim, random));
  queue_ = root.register_module("queue", KeyQueue(dim, queue, random));
  follower_.add(*backbone_, *key_encoder_);
  follower_.add(*projector_, *key_projector_);
}

Random MomentumContrast::step_random(const Batch& batch, const std::string& stream) const {
  return Random(task().trial.seed(stream),
                static_cast<std::uint64_t>(batch.epoch) << 40 | static_cast<std::uint64_t>(batch.indices.front()));
}

torch::Tensor MomentumContrast::encode(const Batch& batch, const torch::Tensor& images, int view) {
  const torch::NoGradGuard no_grad;
  std::vector<std::int64_t> order(static_cast<std::size_t>(images.size(0)));
  std::iota(order.begin(), order.end(), 0);
  Random random = step_random(batch, fmt::format("key-order-{}", view));
  random.shuffle(order);
  return encode_shuffled(images, order, [&](const torch::Tensor& shuffled) {
    return unit_rows(key_projector_->forward(features_of(*key_encoder_, shuffled)));
  });
}

torch::Tensor MomentumContrast::contrast(const Batch& batch, const torch::Tensor& features) {
  const auto queries = unit_rows(projector_->forward(features)).chunk(2);
  const auto images = batch.images.chunk(2);
  follower_.move(key_momentum);
  fresh_.clear();
  fresh_owners_.clear();
  torch::Tensor sum = torch::zeros({}, features.options());
  const int sides = symmetric ? 2 : 1;
  for (int view = 0; view < sides; ++view) {
    const auto own = static_cast<std::size_t>(view), other = 1 - own;
    fresh_.push_back(encode(batch, images[other], view));
    fresh_owners_.insert(fresh_owners_.end(), batch.indices.begin(), batch.indices.end());
    sum = sum + first_is_right(logits(batch, queries[own], fresh_.back(), view));
  }
  return sum / sides;
}

torch::Tensor MomentumContrast::logits(const Batch& batch, const torch::Tensor& queries, const torch::Tensor& keys,
                                       int) {
  const torch::Tensor all = info_nce_logits(queries, keys, queue_->keys, {.temperature = temperature});
  const torch::Tensor right = torch::zeros({all.size(0), 1}, torch::TensorOptions(torch::kBool).device(all.device()));
  return all.masked_fill(torch::cat({right, queue_->own(batch.indices)}, 1), -std::numeric_limits<double>::infinity());
}

void MomentumContrast::after_step(const Step& step) {
  ContrastiveMethod::after_step(step);
  if (fresh_.empty()) return;
  queue_->put(torch::cat(fresh_), fresh_owners_);
  fresh_.clear();
}

State MomentumContrast::state() {
  State state = ContrastiveMethod::state();
  state.emplace_back("queue.position", queue_->position);
  return state;
}

}  // namespace scant
