// The OLE term, which makes features of one class span few directions and classes lie orthogonally: Lezama et al.,
// "OLE: Orthogonal Low-rank Embedding, A Plug and Play Geometric Loss for Deep Learning", CVPR 2018.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

struct OleOptions {
  double weight = 0.25;           // of the whole term
  double delta = 1;               // a class's nuclear norm is not pushed below it
  bool ignores_upstream = false;  // true: backward returns the gradient of the bare term whatever follows it
};

/// weight / N * (sum over the batch's classes of max(delta, ||X_c||_*) - ||X||_*), a scalar of the features' type:
/// features X are N x D, labels N, ||.||_* is the sum of singular values. Singular values below 1e-6, or lost in the
/// rounding of double precision, count as 0 and have no direction. The sub-gradient is the closed form with
/// U V^T = (X X^T)^(-1/2) X; the singular vectors themselves are never differentiated.
torch::Tensor ole_term(const torch::Tensor& features, const torch::Tensor& labels, const OleOptions& options);

}  // namespace scant
