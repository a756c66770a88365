// Views, encoder and the classifier beside it.
#include "methods/parts/contrastive_method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "harness/learn/probe/diagnostics.hpp"
#include "methods/parts/multi_crop.hpp"

namespace scant {

void ContrastiveMethod::check_two_views() const {
  const std::vector<ViewRecipe> all = recipes();
  const auto whole =
      std::count_if(all.begin(), all.end(), [&](const ViewRecipe& view) { return view.size == all.front().size; });
  if (whole != 2) {
    throw InputError(fmt::format("recipe = \"{}\" has {} views of full size; the method compares two", recipe, whole));
  }
}

std::shared_ptr<Backbone> ContrastiveMethod::make_encoder(Random& random) const {
  return make_backbone(backbone_spec(), random);
}

void ContrastiveMethod::check_strategies() const {
  if (efficient.cyclic() && warm_up_epochs > 0) {
    throw InputError("warm_up_epochs must be 0 with cycle_epochs: every cycle rises by itself (cycle_rise)");
  }
  if (efficient.candidates > 2 && whole_views(recipes()) != 2) {
    throw InputError(fmt::format("candidates = {} are pairs of views; the method trains on {} whole view",
                                 efficient.candidates, whole_views(recipes())));
  }
}

std::shared_ptr<torch::nn::Module> ContrastiveMethod::build_network(Random& random) {
  check_strategies();
  backbone_ = make_encoder(random);
  auto root = std::make_shared<torch::nn::Module>("Contrastive");
  root->register_module("encoder", backbone_);
  add_heads(*root, backbone_->dim(), random);
  return root;
}

Batch ContrastiveMethod::draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const {
  std::vector<ViewRecipe> views = grown(epoch, recipes());
  const bool choose = efficient.chooses(epoch);
  if (choose) views = efficient.with_candidates(views);
  Batch batch = views_of(train, positions, task().trial.seed("augment"), epoch, views);
  if (choose) keep_unlike_views(batch);
  views_ = static_cast<int>(batch.images.size(0) / batch.labels.size(0));
  return batch;
}

Phase ContrastiveMethod::phase_of(int epoch) const {
  const std::vector<Phase> all = phases();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Phase& phase) { return epoch < phase.end; });
  return found == all.end() ? all.back() : *found;
}

std::vector<ViewRecipe> ContrastiveMethod::grown(int epoch, std::vector<ViewRecipe> recipes) const {
  const Phase phase = phase_of(epoch);
  return efficient.at(epoch - phase.begin, phase.end - phase.begin, task().side, std::move(recipes));
}

Cycle ContrastiveMethod::cycle_of(const Step& step) const {
  const Phase phase = phase_of(step.epoch);
  const int epochs = phase.end - phase.begin;
  const std::int64_t an_epoch = step.total / epochs;
  const Cycle cycle = efficient.cycle_of(step.epoch - phase.begin, epochs);
  return {.index = cycle.index, .begin = cycle.begin * an_epoch, .length = cycle.length * an_epoch};
}

/// Judged at half the side, from 32 pixels on, by the encoder as it would answer: normalisations are not disturbed.
void ContrastiveMethod::keep_unlike_views(Batch& batch) const {
  const torch::NoGradGuard no_grad;
  const std::int64_t side = batch.images.size(2), small = side >= 32 ? side / 2 : side;
  const bool training = backbone_->is_training();
  backbone_->eval();
  const torch::Tensor features = features_of(*backbone_, torch::adaptive_avg_pool2d(batch.images, {small, small}));
  backbone_->train(training);
  batch.images = batch.images.index_select(0, efficient.chosen(features, batch.labels.size(0)));
}

std::vector<torch::Tensor> ContrastiveMethod::outputs(const torch::Tensor& images) {
  const torch::Tensor features = full_precision(backbone_->features(images));
  const Autocast off(images.device().type(), false);
  const std::int64_t own = network().is_training() ? images.size(0) / views_ : images.size(0);
  return {backbone_->fc->forward(features.narrow(0, 0, own).detach()), features};
}

torch::Tensor ContrastiveMethod::labelled_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  namespace F = torch::nn::functional;
  const auto sum = F::CrossEntropyFuncOptions().ignore_index(-1).reduction(torch::kSum);
  return F::cross_entropy(logits, labels, sum) / labels.ge(0).sum().clamp_min(1);
}

torch::Tensor ContrastiveMethod::training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) {
  return contrast(batch, outputs[1]) + labelled_cross_entropy(outputs[0], batch.labels);
}

std::map<std::string, double> ContrastiveMethod::diagnose(const Samples& train) {
  constexpr std::int64_t most = 512, at_once = 128;
  std::vector<torch::Tensor> parts;
  for (std::int64_t begin = 0; begin < std::min(most, train.size()); begin += at_once) {
    parts.push_back(embed(train.plain(begin, std::min({begin + at_once, most, train.size()})).images));
  }
  const torch::Tensor features = torch::cat(parts).to(torch::kCPU, torch::kFloat64);
  const Diagnostics found = diagnostics_of(features);
  return {{"feature_std", found.feature_std},
          {"relative_std", found.feature_std * std::sqrt(static_cast<double>(features.size(1)))},
          {"mean_cosine", found.mean_cosine},
          {"effective_rank", found.effective_rank},
          {"uniformity", uniformity(features).item<double>()}};
}

OptimiserOptions ContrastiveMethod::optimiser_options() const {
  OptimiserOptions options = GradientMethod::optimiser_options();
  options.kind = optimiser;
  options.nesterov = nesterov;
  options.spare_vectors = spare_vectors;
  return options;
}

double ContrastiveMethod::rate(const Phase& phase, const Step& step) const {
  if (efficient.cyclic()) return efficient.rate(phase.lr, step.number, cycle_of(step));
  const std::int64_t epochs = phase.end - phase.begin, rising = std::min<std::int64_t>(warm_up_epochs, epochs);
  return rate_at({.kind = "warm-up", .rate = phase.lr, .steps = step.total, .warm_up = step.total * rising / epochs},
                 step.number);
}

std::vector<ViewRecipe> ContrastiveMethod::recipes() const {
  std::vector<ViewRecipe> views = view_recipes(recipe, task().side, strength);
  for (ViewRecipe& view : views) {
    if (min_scale > 0) view.min_scale = min_scale;
    view.max_scale = std::max(view.min_scale, view.max_scale);
  }
  return views;
}

torch::Tensor ContrastiveMethod::features_of(Backbone& network, const torch::Tensor& images) const {
  const Autocast autocast(task().device.type(), task().trial.precision == "bf16");
  return full_precision(network.features(images.contiguous(torch::MemoryFormat::ChannelsLast)));
}

}  // namespace scant
