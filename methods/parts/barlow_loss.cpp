// Cross-correlation of two views.
#include "methods/parts/barlow_loss.hpp"

namespace scant {

torch::Tensor cross_correlation(const torch::Tensor& z1, const torch::Tensor& z2, double eps) {
  const auto standardised = [&](const torch::Tensor& z) {
    return (z - z.mean(0)) / (z.var(0, false) + eps).sqrt();  // population variance
  };
  return standardised(z1).t().matmul(standardised(z2)) / static_cast<double>(z1.size(0));
}

torch::Tensor barlow_loss(const torch::Tensor& correlation, const BarlowOptions& options) {
  const torch::Tensor diagonal = correlation.diagonal();
  const torch::Tensor redundancy = correlation.square().sum() - diagonal.square().sum();
  return options.scale * ((diagonal - 1).square().sum() + options.off_diagonal * redundancy);
}

}  // namespace scant
