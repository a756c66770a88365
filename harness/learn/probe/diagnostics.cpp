// Spectra, cosines and distances of embeddings.
#include "harness/learn/probe/diagnostics.hpp"

#include <algorithm>
#include <cmath>

#include "harness/core/record.hpp"
#include "harness/learn/probe/feature_norm.hpp"

namespace scant {
namespace {

torch::Tensor entropy(const torch::Tensor& shares) {
  return -(shares * shares.log()).sum();
}

/// M^T M / divisor.
torch::Tensor scatter(const torch::Tensor& centred, std::int64_t divisor) {
  return centred.t().matmul(centred) / divisor;
}

}  // namespace

torch::Tensor feature_std(const torch::Tensor& features) {
  const torch::Tensor units = unit_rows(features), centred = units - units.mean(0, true);
  return (centred.square().sum(0) / (units.size(0) - 1)).sqrt().mean();
}

torch::Tensor mean_cosine(const torch::Tensor& features) {
  // |sum of rows|^2 holds every ordered pair and every row with itself.
  const torch::Tensor units = unit_rows(features);
  const auto n = static_cast<double>(units.size(0));
  return (units.sum(0).square().sum() - units.square().sum()) / (n * (n - 1));
}

torch::Tensor effective_rank(const torch::Tensor& features, double epsilon) {
  const torch::Tensor values = at::linalg_svdvals(features);
  return entropy(values / values.sum() + epsilon).exp();
}

torch::Tensor alignment(const torch::Tensor& view1, const torch::Tensor& view2, double alpha) {
  return (unit_rows(view1) - unit_rows(view2)).norm(2, 1).pow(alpha).mean();
}

torch::Tensor uniformity(const torch::Tensor& features, double t) {
  return at::pdist(unit_rows(features)).square().mul(-t).exp().mean().log();
}

Lidar lidar(const torch::Tensor& features, int views, double delta, double epsilon) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = features.to(torch::kFloat64);
  const std::int64_t images = x.size(0) / views, d = x.size(1);
  const torch::Tensor grouped = x.view({images, views, d}), means = grouped.mean(1);
  const torch::Tensor between = scatter(means - means.mean(0, true), images - 1);
  const torch::Tensor within = scatter((grouped - means.unsqueeze(1)).reshape({-1, d}), images * (views - 1)) +
                               delta * torch::eye(d, x.options());
  const auto [variances, axes] = at::linalg_eigh(within);
  const torch::Tensor whitening = axes.div(variances.sqrt()).matmul(axes.t());  // within^(-1/2)
  const torch::Tensor eigenvalues =
      at::linalg_eigvalsh(whitening.matmul(between).matmul(whitening)).clamp_min(0) + epsilon;
  Lidar result;
  result.entropy = entropy(eigenvalues / eigenvalues.sum()).item<double>();
  result.value = std::exp(result.entropy);
  result.top_eigenvalue = eigenvalues.max().item<double>() - epsilon;
  return result;
}

torch::Tensor principal_coordinates(const torch::Tensor& features, int count) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = features.to(torch::kCPU, torch::kFloat64), centred = x - x.mean(0, true);
  const torch::Tensor axes = std::get<1>(at::linalg_eigh(scatter(centred, 1))).flip(1);  // D x D, largest first
  const std::int64_t found = std::min<std::int64_t>(count, axes.size(1));
  const torch::Tensor first = axes.narrow(1, 0, found);
  const torch::Tensor largest = first.gather(0, first.abs().argmax(0, /*keepdim=*/true));  // 1 x found
  torch::Tensor coordinates = torch::zeros({x.size(0), count}, torch::kFloat64);
  coordinates.narrow(1, 0, found).copy_(centred.matmul(first * largest.sign()));
  return coordinates;
}

bool Diagnostics::collapsed() const {
  return scant::collapsed(feature_std * std::sqrt(static_cast<double>(dim)));
}

Diagnostics diagnostics_of(const torch::Tensor& features) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = features.to(torch::kCPU, torch::kFloat64);
  return {scant::feature_std(x).item<double>(), scant::mean_cosine(x).item<double>(),
          scant::effective_rank(x).item<double>(), x.size(1)};
}

}  // namespace scant
