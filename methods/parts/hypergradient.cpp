// Gradients of a loss with respect to what only the training of the weights depends on.
#include "methods/parts/hypergradient.hpp"

namespace scant {
namespace {

using Tensors = std::vector<torch::Tensor>;

/// Gradients with zeros where nothing arrives.
Tensors or_zeros(Tensors gradients, const Tensors& like) {
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = torch::zeros_like(like[i]);
  }
  return gradients;
}

}  // namespace

Tensors implicit_gradient(const torch::Tensor& target, const torch::Tensor& inner, const Tensors& weights,
                          const Tensors& outer, const NeumannSeries& series) {
  using torch::autograd::grad;
  Tensors v = or_zeros(grad({target}, weights, {}, false, false, true), weights);
  // Weights whose gradient does not depend on anything have no second derivative.
  Tensors gradients;
  const Tensors all = grad({inner}, weights, {}, true, true, true);
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].defined() || !all[i].requires_grad()) continue;
    gradients.push_back(all[i]);
    at.push_back(i);
  }
  const auto chosen = [&at](const Tensors& tensors) {
    Tensors result;
    for (const std::size_t i : at) result.push_back(tensors[i]);
    return result;
  };
  Tensors p;
  for (const torch::Tensor& tensor : v) p.push_back(tensor.clone());
  for (int term = 0; term < series.terms; ++term) {
    const Tensors product = or_zeros(grad(gradients, weights, chosen(v), true, false, true), weights);
    at::_foreach_add_(v, product, -series.lr);
    at::_foreach_add_(p, v, 1);
  }
  Tensors result = grad(gradients, outer, chosen(p), false, false, true);
  for (torch::Tensor& tensor : result) {
    if (tensor.defined()) tensor = -tensor;
  }
  return result;
}

void clip_norm(const Tensors& tensors, double largest) {
  Tensors present, norms;
  for (const torch::Tensor& tensor : tensors) {
    if (!tensor.defined()) continue;
    present.push_back(tensor);
    norms.push_back(tensor.norm());
  }
  if (present.empty()) return;
  const torch::Tensor factor = (largest / (torch::stack(norms).norm() + 1e-6)).clamp_max(1);
  for (torch::Tensor& tensor : present) tensor.mul_(factor);
}

}  // namespace scant
