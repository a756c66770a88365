// Unit rows and frozen per-dimension statistics.
#include "harness/learn/probe/feature_norm.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.hpp"

namespace scant {

torch::Tensor unit_rows(const torch::Tensor& features) {
  return features / features.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);
}

const std::vector<std::string>& FeatureNorm::kinds() {
  static const std::vector<std::string> all{"none", "l2", "standard", "l2-standard"};
  return all;
}

FeatureNorm::FeatureNorm(const std::string& kind, const torch::Tensor& train) {
  if (std::find(kinds().begin(), kinds().end(), kind) == kinds().end()) {
    throw InputError(
        fmt::format("features cannot be normalised by \"{}\"; there are {}", kind, fmt::join(kinds(), ", ")));
  }
  unit_ = kind.starts_with("l2");
  if (!kind.ends_with("standard")) return;
  const torch::Tensor x = unit_ ? unit_rows(train) : train;
  mean_ = x.mean(0);
  // Of one image there is no variance; its features are only centred.
  variance_ = (x - mean_).square().sum(0) / std::max<std::int64_t>(1, x.size(0) - 1);
  if (unit_) {
    constexpr double epsilon = 1e-5;  // that of a batch normalisation
    divisor_ = (variance_ + epsilon).sqrt();
  } else {
    divisor_ = torch::where(variance_ > 0, variance_.sqrt(), torch::ones_like(variance_));
  }
}

torch::Tensor FeatureNorm::operator()(const torch::Tensor& features) const {
  const torch::Tensor x = unit_ ? unit_rows(features) : features;
  return divisor_.defined() ? (x - mean_) / divisor_ : x;
}

}  // namespace scant
