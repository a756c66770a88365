// SGD with momentum and coupled weight decay.
#include "harness/learn/sgd.hpp"

#include <cmath>
#include <numbers>

namespace scant {

double cosine_rate(double lr0, std::int64_t step, std::int64_t total) {
  return lr0 / 2 * (1 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(total)));
}

Sgd::Sgd(std::vector<torch::Tensor> parameters, SgdOptions options)
    : parameters_(std::move(parameters)), options_(options) {
  // A zero buffer makes the first step's momentum*buf + g exactly g.
  for (const torch::Tensor& p : parameters_) buffers_.push_back(torch::zeros_like(p));
}

void Sgd::zero_grad() {
  for (torch::Tensor& p : parameters_) p.mutable_grad().reset();
}

void Sgd::step(double lr) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> params, grads, buffers;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    params.push_back(parameters_[i]);
    grads.push_back(parameters_[i].grad());
    buffers.push_back(buffers_[i]);
  }
  if (params.empty()) return;
  if (options_.weight_decay != 0) at::_foreach_add_(grads, params, options_.weight_decay);
  at::_foreach_mul_(buffers, options_.momentum);
  at::_foreach_add_(buffers, grads, 1);
  at::_foreach_add_(params, buffers, -lr);
}

}  // namespace scant
