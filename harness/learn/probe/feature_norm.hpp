// What features go through before a classifier sees them, with statistics of the training features alone.
#pragma once
#include <string>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Rows divided by their Euclidean length; a zero row stays zero. N x D, differentiable.
torch::Tensor unit_rows(const torch::Tensor& features);

/// A normaliser fitted on training features and frozen:
/// - "none": the features as they are;
/// - "l2": unit rows;
/// - "standard": per dimension minus the mean, divided by the standard deviation (n-1). A constant dimension is only
///   centred (t-ReX, Sariyildiz et al., ICLR 2023);
/// - "l2-standard": unit rows, then per dimension (x - mean) / sqrt(variance (n-1) + 1e-5) (MSF, Koohpayegani et al.,
///   ICCV 2021).
class FeatureNorm {
 public:
  /// `train` N x D. Throws InputError for an unknown kind.
  FeatureNorm(const std::string& kind, const torch::Tensor& train);
  /// N x D to N x D.
  torch::Tensor operator()(const torch::Tensor& features) const;
  /// D; undefined where the kind has no statistics.
  const torch::Tensor& mean() const { return mean_; }
  const torch::Tensor& variance() const { return variance_; }

  static const std::vector<std::string>& kinds();

 private:
  bool unit_ = false;
  torch::Tensor mean_, variance_, divisor_;  // D
};

}  // namespace scant
