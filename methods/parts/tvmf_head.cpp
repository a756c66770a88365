// The t-vMF similarity as a classifier.
#include "methods/parts/tvmf_head.hpp"

#include <cmath>

#include "harness/learn/backbone.hpp"

namespace scant {
namespace {

torch::Tensor unit_rows(const torch::Tensor& x) {
  return torch::nn::functional::normalize(x, torch::nn::functional::NormalizeFuncOptions().dim(1).eps(1e-12));
}

}  // namespace

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
