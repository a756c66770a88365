// Networks and step of t-ReX.
#include "methods/parts/trex_method.hpp"

#include <algorithm>

#include "methods/parts/multi_crop.hpp"

namespace scant {

std::vector<ViewRecipe> TrexMethod::recipes() const {
  return with_small_views(ContrastiveMethod::recipes(), small_crops);
}

void TrexMethod::add_heads(torch::nn::Module& root, int features, Random& random) {
  const auto projector = [&] { return ExpendableProjector(features, hidden, hidden_layers, dim, random); };
  projector_ = root.register_module("projector", projector());
  if (!means()) {
    weights_ = root.register_module("weights", CosineClassifier(dim, task().classes, random));
    return;
  }
  const int length = std::max(batch_size, memory_per_class * task().classes);
  memory_ = root.register_module("memory", ClassMemory(length, dim, task().classes));
  target_encoder_ = make_encoder(random);
  target_encoder_->drop_classifier();
  root.register_module("target_encoder", target_encoder_);
  target_projector_ = root.register_module("target_projector", projector());
  follower_.add(*backbone_, *target_encoder_);
  follower_.add(*projector_, *target_projector_);
}

void TrexMethod::remember(const Batch& batch) {
  const torch::NoGradGuard no_grad;
  follower_.move(target_momentum);
  // Recipes with several whole views have their first one remembered.
  const torch::Tensor images = batch.images.narrow(0, 0, batch.labels.size(0));
  const torch::Tensor embeddings = target_projector_->forward(features_of(*target_encoder_, images));
  memory_->update(embeddings, batch.labels);
}

torch::Tensor TrexMethod::contrast(const Batch& batch, const torch::Tensor& features) {
  torch::Tensor all = features;
  if (batch.local.defined()) all = torch::cat({features, features_of(*backbone_, batch.local)});
  const torch::Tensor embeddings = projector_->forward(all);
  if (!means()) return crop_cross_entropy(weights_->logits(embeddings, temperature), batch.labels);
  // The step is judged by the memory as it was before.
  const torch::Tensor logits = cosine_logits(embeddings, memory_->prototypes(), temperature);
  remember(batch);
  return crop_cross_entropy(logits, batch.labels);
}

void TrexMethod::after_step(const Step& step) {
  ContrastiveMethod::after_step(step);
  if (means()) memory_->ring.shorten(std::max<std::int64_t>(batch_size, step.train.size() / 4));
}

State TrexMethod::state() {
  State state = ContrastiveMethod::state();
  if (means()) state.emplace_back("memory_ring", memory_->ring.state);
  return state;
}

}  // namespace scant
