// Networks and step of mean shift.
#include "methods/parts/mean_shift_method.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "methods/parts/projector.hpp"

namespace scant {

std::vector<ViewRecipe> MeanShiftMethod::recipes() const {
  return {ContrastiveMethod::recipes().front()};
}

Batch MeanShiftMethod::draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const {
  Batch batch = ContrastiveMethod::draw(train, positions, epoch);
  // Apart from the queries, so that the online network sees theirs alone. Their draws have a seed of their own.
  const std::vector<ViewRecipe> target = grown(epoch, {ContrastiveMethod::recipes().back()});
  batch.local = views_of(train, positions, task().trial.seed("target-views"), epoch, target).images;
  return batch;
}

void MeanShiftMethod::add_heads(torch::nn::Module& root, int features, Random& random) {
  if (bank_size < batch_size) {
    throw InputError(fmt::format("bank = {} must hold at least one batch, batch_size = {}", bank_size, batch_size));
  }
  const MlpSpec spec{.hidden = hidden, .out = dim, .hidden_bias = true};
  projector_ = root.register_module("projector", MlpHead(features, spec, random));
  predictor_ = root.register_module("predictor", MlpHead(dim, spec, random));
  target_encoder_ = make_encoder(random);
  target_encoder_->drop_classifier();
  root.register_module("target_encoder", target_encoder_);
  target_projector_ = root.register_module("target_projector", MlpHead(features, spec, random));
  bank_ = root.register_module("bank", NeighbourBank(bank_size, dim));
  follower_.add(*backbone_, *target_encoder_);
  follower_.add(*projector_, *target_projector_);
}

torch::Tensor MeanShiftMethod::targets(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  follower_.move(target_momentum);
  return unit_rows(target_projector_->forward(features_of(*target_encoder_, images)));
}

torch::Tensor MeanShiftMethod::contrast(const Batch& batch, const torch::Tensor& features) {
  const torch::Tensor queries = unit_rows(predictor_->forward(projector_->forward(features)));
  const torch::Tensor images = torch::tensor(batch.indices, torch::kInt64).to(batch.labels.device());
  return shift({queries, targets(batch.local), batch.labels, images});
}

void MeanShiftMethod::after_step(const Step& step) {
  ContrastiveMethod::after_step(step);
  bank_->ring.shorten(std::max<std::int64_t>(batch_size, step.train.size() / 2));
}

std::map<std::string, double> MeanShiftMethod::diagnose(const Samples& train) {
  constexpr std::int64_t most = 512;
  const torch::NoGradGuard no_grad;
  std::map<std::string, double> found = ContrastiveMethod::diagnose(train);
  const std::int64_t n = std::min(most, bank_->ring.filled());
  const torch::Tensor own = bank_->embeddings().narrow(0, 0, n), labels = bank_->labels().narrow(0, 0, n);
  BankNeighbours near = nearest(unit_distances(own, bank_->embeddings()), neighbours);
  near.found = near.found.logical_and(labels.ge(0).unsqueeze(1));
  found["neighbour_purity"] = purity(near, labels, bank_->labels()).item<double>();
  return found;
}

State MeanShiftMethod::state() {
  State state = ContrastiveMethod::state();
  state.emplace_back("bank_ring", bank_->ring.state);
  return state;
}

}  // namespace scant
