// The objective in closed form, and its minimum by L-BFGS.
#include "harness/learn/probe/logistic.hpp"

#include <cmath>

namespace scant {

torch::Tensor LinearModel::logits(const torch::Tensor& features) const {
  return features.to(weight.options()).matmul(weight.t()) + bias;
}

LogisticFit fit_logistic(const torch::Tensor& features, const torch::Tensor& labels, int classes, double c,
                         const LbfgsOptions& options, const LinearModel& start) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = features.to(torch::kCPU, torch::kFloat64).contiguous();
  const torch::Tensor targets = torch::one_hot(labels.to(torch::kCPU), classes).to(torch::kFloat64);  // N x K
  const std::int64_t d = x.size(1), k = classes;
  const auto n = static_cast<double>(x.size(0));
  // Divided by C N, so that the tolerance means the same for every C and N.
  const double decay = 1 / (c * n);
  const Objective objective = [&](const torch::Tensor& point, torch::Tensor& gradient) {
    const torch::Tensor weight = point.narrow(0, 0, k * d).view({k, d}), bias = point.narrow(0, k * d, k);
    const torch::Tensor log_p = torch::addmm(bias, x, weight.t()).log_softmax(1);
    const torch::Tensor error = (log_p.exp() - targets) / n;
    gradient.narrow(0, 0, k * d).view({k, d}).copy_(error.t().matmul(x) + decay * weight);
    gradient.narrow(0, k * d, k).copy_(error.sum(0));
    return -(log_p * targets).sum().item<double>() / n + decay / 2 * weight.square().sum().item<double>();
  };
  const torch::Tensor from = start.weight.defined() ? torch::cat({start.weight.flatten(), start.bias})
                                                    : torch::zeros({k * d + k}, torch::kFloat64);
  const Minimum minimum = lbfgs(objective, from, options);
  LogisticFit fit;
  fit.model.weight = minimum.at.narrow(0, 0, k * d).view({k, d}).clone();
  // Probabilities do not change when all biases move together.
  const torch::Tensor bias = minimum.at.narrow(0, k * d, k);
  fit.model.bias = bias - bias.mean();
  fit.objective = minimum.value * c * n;
  fit.iterations = minimum.iterations;
  fit.converged = minimum.converged;
  return fit;
}

std::vector<double> log_spaced(double low, double high, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / (count - 1) : 0;
    values.push_back(std::exp(std::log(low) + share * (std::log(high) - std::log(low))));
  }
  return values;
}

}  // namespace scant
