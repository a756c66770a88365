// Colour operations on real numbers. Products and sums are separate operations, and sums run in an order of their own:
// fused ones, and reductions whose inner loop ends where a thread's share does, give other last bits in other batches.
#include "harness/learn/float_colours.hpp"

#include <array>
#include <cmath>

namespace scant {
namespace {

/// background + factor * (pixels - background).
torch::Tensor away_from(const torch::Tensor& background, const torch::Tensor& pixels,
                        const std::vector<double>& factors) {
  const torch::Tensor factor = per_image(factors, pixels);
  return (pixels * factor).add_(background * (1 - factor));
}

/// Of each channel, N x C x 1 x 1: rows first.
torch::Tensor channel_mean(const torch::Tensor& pixels) {
  return pixels.sum(3, true).sum(2, true).div_(static_cast<double>(pixels.size(2) * pixels.size(3)));
}

}  // namespace

torch::Tensor per_image(const std::vector<double>& values, const torch::Tensor& pixels) {
  return torch::tensor(values, torch::kFloat64).to(pixels.scalar_type()).view({-1, 1, 1, 1}).to(pixels.device());
}

torch::Tensor grey_level(const torch::Tensor& pixels) {
  if (pixels.size(1) == 1) return pixels;
  torch::Tensor level = pixels.narrow(1, 0, 1) * 0.2989;
  level.add_(pixels.narrow(1, 1, 1) * 0.587);
  return level.add_(pixels.narrow(1, 2, 1) * 0.114);
}

torch::Tensor float_grey(const torch::Tensor& pixels) {
  return grey_level(pixels).expand_as(pixels);
}

torch::Tensor band_mean(const torch::Tensor& pixels) {
  torch::Tensor sum = pixels.narrow(1, 0, 1).clone();
  for (std::int64_t c = 1; c < pixels.size(1); ++c) sum.add_(pixels.narrow(1, c, 1));
  return sum.div_(static_cast<double>(pixels.size(1))).expand_as(pixels);
}

torch::Tensor scale_brightness(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return pixels * per_image(factors, pixels);
}

torch::Tensor shift_brightness(const torch::Tensor& pixels, const std::vector<double>& deltas) {
  return pixels + per_image(deltas, pixels);
}

torch::Tensor scale_contrast_of_image(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return away_from(channel_mean(grey_level(pixels).contiguous()), pixels, factors);
}

torch::Tensor scale_contrast_of_channels(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return away_from(channel_mean(pixels), pixels, factors);
}

torch::Tensor scale_saturation(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return pixels.size(1) == 1 ? pixels : away_from(grey_level(pixels), pixels, factors);
}

torch::Tensor scale_hsv_saturation(const torch::Tensor& pixels, const std::vector<double>& factors) {
  if (pixels.size(1) == 1) return pixels;
  torch::Tensor hsv = hsv_of_rgb(pixels);
  hsv.narrow(1, 1, 1).mul_(per_image(factors, pixels)).clamp_(0, 1);
  return rgb_of_hsv(hsv);
}

torch::Tensor turn_hue(const torch::Tensor& pixels, const std::vector<double>& turns) {
  if (pixels.size(1) == 1) return pixels;
  torch::Tensor hsv = hsv_of_rgb(pixels);
  hsv.narrow(1, 0, 1).add_(per_image(turns, pixels)).remainder_(1);
  return rgb_of_hsv(hsv);
}

torch::Tensor hsv_of_rgb(const torch::Tensor& rgb) {
  const torch::Tensor r = rgb.select(1, 0), g = rgb.select(1, 1), b = rgb.select(1, 2);
  const torch::Tensor most = rgb.amax(1), range = most - rgb.amin(1);
  // A divisor of 1 where it would be 0: black is unsaturated, and grey has hue 0.
  const torch::Tensor divisor = range.masked_fill(range == 0, 1);
  const torch::Tensor sixths =
      torch::where(r == most, (g - b) / divisor, torch::where(g == most, 2 + (b - r) / divisor, 4 + (r - g) / divisor));
  const torch::Tensor saturation = range / most.masked_fill(most == 0, 1);
  return torch::stack({(sixths / 6).remainder_(1), saturation, most}, 1);
}

torch::Tensor rgb_of_hsv(const torch::Tensor& hsv) {
  const torch::Tensor place = hsv.narrow(1, 0, 1) * 6, v = hsv.narrow(1, 2, 1);
  const torch::Tensor chroma = v * hsv.narrow(1, 1, 1);
  // Each primary is full within a sixth of its place on the wheel, gone two sixths away, and in between falls evenly.
  const torch::Tensor offsets =
      torch::tensor({5.0, 3.0, 1.0}, torch::kFloat64).to(hsv.scalar_type()).view({1, 3, 1, 1}).to(hsv.device());
  torch::Tensor distance = (place + offsets).remainder_(6);
  distance = torch::minimum(distance, 4 - distance).clamp_(0, 1);
  return distance.mul_(chroma).neg_().add_(v);
}

torch::Tensor solarise(const torch::Tensor& pixels, double threshold, double white) {
  return torch::where(pixels >= threshold, white - pixels, pixels);
}

torch::Tensor true_gaussian_blur(const torch::Tensor& pixels, const std::vector<double>& deviations, int radius,
                                 Border border) {
  const auto images = static_cast<std::int64_t>(deviations.size());
  torch::Tensor weights = torch::empty({2 * radius + 1, images}, torch::kFloat64);
  auto weight = weights.accessor<double, 2>();
  for (int k = -radius; k <= radius; ++k) {
    for (std::int64_t i = 0; i < images; ++i) {
      const double distance = k == 0 ? 0 : k / deviations[static_cast<std::size_t>(i)];
      weight[k + radius][i] = std::exp(-0.5 * distance * distance);
    }
  }
  weights = (weights / weights.sum(0, true)).to(pixels.scalar_type()).to(pixels.device());
  torch::Tensor result = pixels;
  for (const std::int64_t dim : {3, 2}) {
    const std::array<std::int64_t, 4> margins = dim == 3 ? std::array<std::int64_t, 4>{radius, radius, 0, 0}
                                                         : std::array<std::int64_t, 4>{0, 0, radius, radius};
    const torch::Tensor padded =
        border == Border::zero ? at::constant_pad_nd(result, margins) : at::reflection_pad2d(result, margins);
    result = torch::zeros_like(pixels);
    for (std::int64_t k = 0; k <= 2 * radius; ++k) {
      result.add_(padded.narrow(dim, k, pixels.size(dim)) * weights[k].view({-1, 1, 1, 1}));
    }
  }
  return result;
}

}  // namespace scant
