// Gradients of a loss with respect to what only the training of the weights depends on: Lorraine, Vicol & Duvenaud,
// "Optimizing Millions of Hyperparameters by Implicit Differentiation", AISTATS 2020.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// The inverse Hessian as a sum of powers, of which `terms` are taken beyond the first.
struct NeumannSeries {
  double lr = 0.1;  // of the imagined gradient steps
  int terms = 3;
};

/// -(d2 inner / d weights d outer) H^-1 d target / d weights for every tensor of `outer`: how `target` would change
/// where the weights follow the minimum of `inner`. Without the factor lr that would make the series an inverse. A
/// tensor that nothing reaches has an undefined gradient. Frees both graphs.
std::vector<torch::Tensor> implicit_gradient(const torch::Tensor& target, const torch::Tensor& inner,
                                             const std::vector<torch::Tensor>& weights,
                                             const std::vector<torch::Tensor>& outer, const NeumannSeries& series);

/// Scales all tensors so that their common L2 norm is at most about `largest`, without waiting for the device.
void clip_norm(const std::vector<torch::Tensor>& tensors, double largest);

}  // namespace scant
