// Colour deconvolution.
#include "harness/learn/stains.hpp"

#include <cmath>

namespace scant {
namespace {

constexpr double darkest = 1e-6;

/// Each pixel's three channels, a row, times a 3 x 3 matrix.
torch::Tensor times(const torch::Tensor& pixels, const torch::Tensor& matrix) {
  const auto weight = matrix.accessor<double, 2>();
  torch::Tensor result = torch::empty_like(pixels);
  for (int to = 0; to < 3; ++to) {
    torch::Tensor sum = result.narrow(1, to, 1);
    sum.copy_(pixels.narrow(1, 0, 1)).mul_(weight[0][to]);
    for (int from = 1; from < 3; ++from) sum.add_(pixels.narrow(1, from, 1) * weight[from][to]);
  }
  return result;
}

/// N x 3 x 1 x 1 in the pixels' type.
torch::Tensor per_stain(const std::vector<StainChange>& changes, std::array<double, 3> StainChange::*member,
                        const torch::Tensor& pixels) {
  std::vector<double> values;
  for (const StainChange& change : changes) {
    values.insert(values.end(), (change.*member).begin(), (change.*member).end());
  }
  return torch::tensor(values, torch::kFloat64).to(pixels.scalar_type()).view({-1, 3, 1, 1}).to(pixels.device());
}

}  // namespace

torch::Tensor rgb_of_stains() {
  return torch::tensor({0.65, 0.70, 0.29, 0.07, 0.99, 0.11, 0.27, 0.57, 0.78}, torch::kFloat64).view({3, 3});
}

torch::Tensor stains_of_rgb() {
  return at::linalg_inv(rgb_of_stains());
}

torch::Tensor stains_of(const torch::Tensor& rgb) {
  return times(rgb.clamp_min(darkest).log_().div_(std::log(darkest)), stains_of_rgb()).clamp_min_(0);
}

torch::Tensor colours_of_stains(const torch::Tensor& stains) {
  return times(stains, rgb_of_stains()).mul_(std::log(darkest)).exp_().clamp_(0, 1);
}

torch::Tensor change_stains(const torch::Tensor& rgb, const std::vector<StainChange>& changes) {
  const torch::Tensor scale = per_stain(changes, &StainChange::scale, rgb);
  return colours_of_stains(stains_of(rgb).mul_(scale).add_(per_stain(changes, &StainChange::shift, rgb)));
}

}  // namespace scant
