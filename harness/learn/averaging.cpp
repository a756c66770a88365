// Averages of weights, and what normalisations need after one.
#include "harness/learn/averaging.hpp"

#include <fmt/format.h>

#include "harness/learn/batch_norm.hpp"

namespace scant {
namespace {

template <class Norm>
void for_each_of_kind(torch::nn::Module& network, const std::function<void(torch::nn::BatchNormOptions&)>& change) {
  for (const auto& module : network.modules()) {
    if (auto* norm = module->as<Norm>()) change(norm->options);
  }
}

/// Always in the same order.
void for_each_norm(torch::nn::Module& network, const std::function<void(torch::nn::BatchNormOptions&)>& change) {
  for_each_of_kind<torch::nn::BatchNorm1dImpl>(network, change);
  for_each_of_kind<torch::nn::BatchNorm2dImpl>(network, change);
  for_each_of_kind<BatchNormImpl>(network, change);
}

}  // namespace

void move_towards(const std::vector<torch::Tensor>& targets, const std::vector<torch::Tensor>& sources, double keep) {
  const torch::NoGradGuard no_grad;
  at::_foreach_mul_(targets, keep);
  at::_foreach_add_(targets, sources, 1 - keep);
}

WeightAverage::WeightAverage(std::vector<torch::Tensor> weights) : weights_(std::move(weights)) {
  for (const torch::Tensor& weight : weights_) mean_.push_back(torch::zeros_like(weight));
}

void WeightAverage::take() {
  const torch::NoGradGuard no_grad;
  const std::int64_t taken = ++*taken_.data_ptr<std::int64_t>();
  at::_foreach_add_(mean_, at::_foreach_sub(weights_, mean_), 1.0 / static_cast<double>(taken));
}

void WeightAverage::replace() {
  if (taken_.item<std::int64_t>() == 0) return;
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < weights_.size(); ++i) weights_[i].copy_(mean_[i]);
}

State WeightAverage::state() {
  State state;
  for (std::size_t i = 0; i < mean_.size(); ++i) state.emplace_back(fmt::format("average.{}", i), mean_[i]);
  state.emplace_back("averaged", taken_);
  return state;
}

void reestimate_statistics(torch::nn::Module& network, std::int64_t batches,
                           const std::function<void(std::int64_t batch)>& forward) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::nn::BatchNormOptions> before;
  for_each_norm(network, [&](auto& options) { before.push_back(options); });
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    // The first one replaces what was there, the k-th moves the mean of the others by a k-th.
    for_each_norm(network, [&](auto& options) { options.momentum(1.0 / static_cast<double>(batch + 1)); });
    forward(batch);
  }
  auto own = before.begin();
  for_each_norm(network, [&](auto& options) { options.momentum((own++)->momentum()); });
}

}  // namespace scant
