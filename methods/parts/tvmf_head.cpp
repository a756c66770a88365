// The t-vMF similarity as a classifier.
#include "methods/parts/tvmf_head.hpp"

#include <cmath>

#include "harness/learn/backbone.hpp"
#include "harness/learn/probe/feature_norm.hpp"  // unit_rows

namespace scant {

TvmfHeadImpl::TvmfHeadImpl(int dim, int classes, double concentration, Random& random) : Module("tvMFLoss") {
  weight = register_parameter("weight", torch::empty({classes, dim}));
  fill_uniform(weight, 1.0 / std::sqrt(dim), random);
  s_ = register_parameter("s_", torch::zeros({1}));
  kappa = register_buffer("kappa", torch::full({1}, concentration));
}

torch::Tensor TvmfHeadImpl::forward(const torch::Tensor& features) {
  const torch::Tensor cosine = at::linear(unit_rows(features), unit_rows(weight));
  return watched(*this, (1 + cosine) / (1 + kappa * (1 - cosine)) - 1);
}

torch::Tensor TvmfHeadImpl::scale() const {
  return 1 + at::softplus(s_);
}

torch::Tensor TvmfHeadImpl::loss(const torch::Tensor& similarity, const torch::Tensor& labels) const {
  return torch::nn::functional::cross_entropy(scale() * similarity, labels);
}

}  // namespace scant
