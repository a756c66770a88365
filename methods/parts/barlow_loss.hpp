// Barlow Twins: the correlation between what two views say is to be the identity. Zbontar, Jing, Misra, LeCun & Deny,
// "Barlow Twins: Self-Supervised Learning via Redundancy Reduction", ICML 2021.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

struct BarlowOptions {
  double off_diagonal = 0.005;  // weight of correlations between different components
  double scale = 1;             // of the whole loss
};

/// D x D: correlations over the batch of the components of two views' projections, N x D each, N >= 2;
/// `eps` is added to the variances, as batch normalisation does.
torch::Tensor cross_correlation(const torch::Tensor& z1, const torch::Tensor& z2, double eps = 1e-5);

/// scale * (sum of (C_ii - 1)^2 + off_diagonal * sum of C_ij^2 over i != j) of a correlation C, D x D.
torch::Tensor barlow_loss(const torch::Tensor& correlation, const BarlowOptions& options);

}  // namespace scant
