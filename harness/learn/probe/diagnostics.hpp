// Whether a representation has collapsed, and how evenly it fills its space.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// Mean over dimensions of the standard deviation (n-1) of unit rows: 1/sqrt(D) when spread over the sphere, 0 when
/// collapsed (Chen & He, CVPR 2021). `features` N x D, N >= 2; scalar tensor.
torch::Tensor feature_std(const torch::Tensor& features);

/// Mean cosine of all pairs of different rows; 1 when collapsed. N >= 2.
torch::Tensor mean_cosine(const torch::Tensor& features);

/// RankMe (Garrido et al., ICML 2023): exp of the entropy of the singular values divided by their sum; `epsilon` is
/// added to each share after the division. Between 1 and min(N, D), but for epsilon.
torch::Tensor effective_rank(const torch::Tensor& features, double epsilon = 1e-5);

/// Mean over rows of |a - b|^alpha of unit rows of two views, N x D each (Wang & Isola, ICML 2020). Differentiable.
torch::Tensor alignment(const torch::Tensor& view1, const torch::Tensor& view2, double alpha = 2);

/// Logarithm of the mean over pairs i < j of exp(-t |a_i - a_j|^2), unit rows (ibid.). Differentiable. N >= 2.
torch::Tensor uniformity(const torch::Tensor& features, double t = 2);

/// LiDAR (Thilak et al., ICLR 2024): effective rank of the scatter between images, whitened by that within images.
struct Lidar {
  double value = 0;    // exp(entropy), between 1 and min(D, images - 1) but for epsilon
  double entropy = 0;  // of the eigenvalues, `epsilon` added to each, divided by their sum
  double top_eigenvalue = 0;
};
/// `features` (images * views) x D, the views of an image in consecutive rows; images and views >= 2. `delta` is added
/// to the diagonal of the scatter within.
Lidar lidar(const torch::Tensor& features, int views, double delta = 1e-4, double epsilon = 1e-8);

/// Coordinates of the centred rows on their first `count` principal components, N x count float64; the sign of each
/// component is such that its largest coefficient is positive. Components that the data do not have are zero.
torch::Tensor principal_coordinates(const torch::Tensor& features, int count);

/// What a run's record keeps of an embedding of N >= 2 images.
struct Diagnostics {
  double feature_std = 0, mean_cosine = 0, effective_rank = 0;
  std::int64_t dim = 0;
  /// The rows point in one direction: their standard deviation is below 2 % of what the sphere's would be. Means that
  /// training failed, whatever its loss says.
  bool collapsed() const;
};
Diagnostics diagnostics_of(const torch::Tensor& features);

}  // namespace scant
