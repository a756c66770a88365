// A network that learns two tasks at once, and what makes the second one up.
#include "methods/parts/auxiliary_learner.hpp"

#include <algorithm>
#include <cmath>

#include "harness/learn/backbone.hpp"
#include "methods/parts/focal_loss.hpp"

namespace scant {

HeadImpl::HeadImpl(const std::vector<int>& widths, Random& random) : Module("Head") {
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    layers_.push_back(register_module(std::to_string(2 * i), make_linear(widths[i], widths[i + 1], random)));
  }
}

torch::Tensor HeadImpl::forward(torch::Tensor x) {
  for (std::size_t i = 0; i < layers_.size(); ++i) x = layers_[i]->forward(i == 0 ? x : x.relu_());
  return x;
}

AuxiliaryLearner::AuxiliaryLearner(Parts parts) : Module("AuxiliaryLearner"), parts_(std::move(parts)) {
  main_net_ = register_module("main_net", std::make_shared<Module>("MainNet"));
  main_net_->register_module("main_net", parts_.trunk.ptr());
  main_net_->register_module("classifier1", parts_.main_head.ptr());
  main_net_->register_module("classifier2", parts_.auxiliary_head.ptr());
  gen_net_ = register_module("gen_net", std::make_shared<Module>("LabelGenerator"));
  gen_net_->register_module("aux_net", parts_.generator_trunk.ptr());
  gen_net_->register_module("classifier1", parts_.generator_head.ptr());
  register_module("comb_net", parts_.combiner);
}

std::vector<torch::Tensor> AuxiliaryLearner::outputs(const torch::Tensor& images) {
  const torch::Tensor features = parts_.trunk(images);
  return {parts_.main_head(features), full_precision(parts_.auxiliary_head(features)).softmax(1)};
}

torch::Tensor AuxiliaryLearner::soft_labels(const torch::Tensor& images, const torch::Tensor& labels) {
  const torch::Tensor raw = parts_.generator_head(parts_.generator_trunk(images));
  return masked_softmax(full_precision(raw), labels, parts_.per_class);
}

torch::Tensor AuxiliaryLearner::losses(const std::vector<torch::Tensor>& outputs, const torch::Tensor& soft_labels,
                                       const torch::Tensor& labels) const {
  return torch::stack(
      {focal_loss_of_logits(outputs.at(0), labels), focal_loss(outputs.at(1), soft_labels) * parts_.auxiliary_scale},
      1);
}

AuxiliaryLearner::HyperGradient AuxiliaryLearner::hyper_gradient(const Images& held_out, const Images& training,
                                                                 const NeumannSeries& series) {
  const torch::Tensor target = focal_loss_of_logits(outputs(held_out.images).front(), held_out.labels).mean();
  const torch::Tensor targets = soft_labels(training.images, training.labels);
  const torch::Tensor inner = combined(losses(outputs(training.images), targets, training.labels));
  std::vector<torch::Tensor> weights;  // what the main loss depends on
  for (const auto& part : {parts_.trunk.ptr(), parts_.main_head.ptr()}) {
    for (const torch::Tensor& p : part->parameters()) weights.push_back(p);
  }
  HyperGradient result{target.detach(), inner.detach(), implicit_gradient(target, inner, weights, outer(), series)};
  constexpr double largest_norm = 50;
  clip_norm(result.gradients, largest_norm);
  return result;
}

void AuxiliaryLearner::update(const HyperGradient& gradient, Sgd& optimiser, double lr) {
  const std::vector<torch::Tensor> tensors = outer();
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].mutable_grad() = gradient.gradients.at(i);
  optimiser.step(lr);
  optimiser.zero_grad();
}

std::vector<torch::Tensor> AuxiliaryLearner::main_parameters() const {
  return main_net_->parameters();
}

std::vector<torch::Tensor> AuxiliaryLearner::outer() const {
  std::vector<torch::Tensor> tensors = gen_net_->parameters();
  for (const torch::Tensor& p : parts_.combiner->parameters()) tensors.push_back(p);
  return tensors;
}

Frozen::Frozen(std::vector<torch::Tensor> tensors) : tensors_(std::move(tensors)) {
  for (torch::Tensor& tensor : tensors_) tensor.requires_grad_(false);
}

Frozen::~Frozen() {
  for (torch::Tensor& tensor : tensors_) tensor.requires_grad_(true);
}

std::int64_t auxiliary_set_size(std::int64_t n, int classes, double share) {
  return std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(share * static_cast<double>(n))), classes);
}

}  // namespace scant
