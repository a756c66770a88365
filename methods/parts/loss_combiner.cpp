// Learned sums of a main and an auxiliary loss.
#include "methods/parts/loss_combiner.hpp"

#include "harness/learn/backbone.hpp"

namespace scant {

torch::Tensor LossCombiner::forward(const torch::Tensor& losses) {
  return combined(losses).mean() + losses.select(1, 0).mean();
}

void LossCombiner::clamp() {
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& weight : weights_) weight.clamp_min_(0);
}

torch::nn::Linear LossCombiner::add_layer(torch::nn::Module& parent, const std::string& name, int in, int out,
                                          bool bias) {
  const torch::NoGradGuard no_grad;
  torch::nn::Linear layer(torch::nn::LinearOptions(in, out).bias(bias));
  if (bias) layer->bias.zero_();
  weights_.push_back(layer->weight);
  return parent.register_module(name, layer);
}

LinearCombiner::LinearCombiner() {
  linear_ = add_layer(*this, "linear", 2, 1, false);
  const torch::NoGradGuard no_grad;
  linear_->weight.fill_(1);
}

torch::Tensor LinearCombiner::combined(const torch::Tensor& losses) {
  return linear_->forward(losses);
}

NonlinearCombiner::NonlinearCombiner(const std::vector<int>& hidden, Random& random) {
  const auto net = register_module("net", std::make_shared<torch::nn::Module>("net"));
  int in = 2;
  for (std::size_t i = 0; i <= hidden.size(); ++i) {
    const bool last = i == hidden.size();
    const int out = last ? 1 : hidden[i];
    layers_.push_back(add_layer(*net, std::to_string(3 * i), in, out, !last));
    constexpr double half = 0.1;
    fill_uniform(layers_.back()->weight, half, random);
    const torch::NoGradGuard no_grad;
    layers_.back()->weight.add_(half);
    in = out;
  }
}

torch::Tensor NonlinearCombiner::combined(const torch::Tensor& losses) {
  torch::Tensor x = losses;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i]->forward(i == 0 ? x : at::softplus(x));
  }
  return x;
}

}  // namespace scant
