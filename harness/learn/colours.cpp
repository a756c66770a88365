// Pillow's colour operations on batches of images.
#include <algorithm>
#include <array>
#include <cmath>

#include "harness/learn/float_colours.hpp"
#include "harness/learn/views.hpp"

namespace scant {
namespace {

/// background + factor * (pixels - background), cut off below 0, above 255 and behind the point.
torch::Tensor blend(const torch::Tensor& background, const torch::Tensor& pixels, const std::vector<double>& factors) {
  return (background + per_image(factors, pixels) * (pixels - background)).clamp_(0, 255).floor_();
}

/// Brightness N x 1 x H x W in 16-bit fixed point; every intermediate is a whole number below 2^24, exact in a float.
torch::Tensor luma(const torch::Tensor& pixels) {
  if (pixels.size(1) == 1) return pixels;
  const torch::Tensor weights = torch::tensor({19595.0F, 38470.0F, 7471.0F}).view({1, 3, 1, 1}).to(pixels.device());
  return ((pixels * weights).sum(1, true) + 32768).div_(65536).floor_();
}

struct Hsv {
  torch::Tensor h, s, v;  // N x H x W float64, whole numbers 0..255
};

/// Single and double precision alternate as they do in Pillow: what is cut off behind the point depends on it.
Hsv hsv_of(const torch::Tensor& pixels) {
  const torch::Tensor r = pixels.select(1, 0), g = pixels.select(1, 1), b = pixels.select(1, 2);
  const torch::Tensor most = pixels.amax(1), range = most - pixels.amin(1), grey = range == 0;
  const torch::Tensor divisor = range.clamp_min(1);
  const auto distance = [&](const torch::Tensor& channel) {
    return ((most - channel) / divisor).to(torch::kFloat64);  // 0 for the largest channel
  };
  const torch::Tensor rc = distance(r), gc = distance(g), bc = distance(b);
  torch::Tensor h = torch::where(r == most, bc - gc, torch::where(g == most, 2 + rc - bc, 4 + gc - rc));
  h = (h.to(torch::kFloat32).to(torch::kFloat64) / 6 + 1).fmod_(1).to(torch::kFloat32);
  const torch::Tensor s = range / most.clamp_min(1);
  const auto cut = [&](const torch::Tensor& x) { return (x.to(torch::kFloat64) * 255).floor_().masked_fill_(grey, 0); };
  return {cut(h), cut(s), most.to(torch::kFloat64)};
}

torch::Tensor rgb_of(const Hsv& hsv) {
  const torch::Tensor place = hsv.h * 6 / 255, sector = place.floor();
  const auto single = [](const torch::Tensor& x) { return x.to(torch::kFloat32).to(torch::kFloat64); };
  const torch::Tensor f = single(place - sector), s = single(hsv.s / 255);
  const auto level = [&](const torch::Tensor& darkening) { return (hsv.v * (1 - darkening) + 0.5).floor_(); };
  const torch::Tensor v = hsv.v, p = level(s), q = level(single(s * f)), t = level(s * (1 - f));
  const torch::Tensor which = sector.remainder(6);
  // Red, green and blue of the six sectors of the colour wheel.
  const auto choose = [&](const std::array<torch::Tensor, 6>& of_sector) {
    torch::Tensor result = of_sector[5];
    for (int i = 4; i >= 0; --i) result = torch::where(which == i, of_sector[static_cast<std::size_t>(i)], result);
    return result;
  };
  return torch::stack({choose({v, q, p, p, t, v}), choose({t, v, v, q, p, p}), choose({p, p, t, v, v, q})}, 1);
}

/// The box whose three-fold blur comes near a Gaussian: Gwosdek et al., "Theoretical foundations of Gaussian
/// convolution by extended box filtering", SSVM 2011. Half its width is whole + part of a pixel on each side.
struct Box1d {
  int whole = 0;
  double inner = 1, edge = 0;  // weight of the 2 * whole + 1 middle pixels and of one beyond on each side
};

Box1d box_of(double radius) {
  constexpr int passes = 3;
  // Single precision where Pillow computes in it: a box jumps to the next width at some radii.
  const float r = static_cast<float>(radius), variance = r * r / passes;
  const auto length = static_cast<float>(std::sqrt(12.0 * variance + 1.0));
  const auto whole = static_cast<float>(std::floor((length - 1.0) / 2.0));
  float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
  part /= 6 * (variance - (whole + 1) * (whole + 1));
  const double width = 2.0 * (whole + part) + 1;
  constexpr double one = 1 << 24;  // fixed point
  Box1d box{static_cast<int>(whole), std::floor(one / width), 0};
  box.edge = std::floor((one - (2 * box.whole + 1) * box.inner) / 2) / one;
  box.inner /= one;
  return box;
}

/// One pass along the last or the last but one dimension; `weights` taps x N x 1 x 1 x 1, an odd number of taps.
torch::Tensor box_pass(const torch::Tensor& pixels, const torch::Tensor& weights, bool across) {
  const std::int64_t taps = weights.size(0), margin = taps / 2, dim = across ? 3 : 2;
  const torch::Tensor padded = across ? at::replication_pad2d(pixels, {margin, margin, 0, 0})
                                      : at::replication_pad2d(pixels, {0, 0, margin, margin});
  torch::Tensor sum = torch::full_like(pixels, 0.5);
  for (std::int64_t k = 0; k < taps; ++k) sum.addcmul_(padded.narrow(dim, k, pixels.size(dim)), weights[k]);
  return sum.floor_();
}

}  // namespace

torch::Tensor adjust_brightness(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return blend(torch::zeros({1, 1, 1, 1}, pixels.options()), pixels, factors);
}

torch::Tensor adjust_contrast(const torch::Tensor& pixels, const std::vector<double>& factors) {
  const torch::Tensor mean = luma(pixels).mean({1, 2, 3}, true, torch::kFloat64).add_(0.5).floor_();
  return blend(mean.to(pixels.scalar_type()), pixels, factors);
}

torch::Tensor adjust_saturation(const torch::Tensor& pixels, const std::vector<double>& factors) {
  return pixels.size(1) == 1 ? pixels : blend(luma(pixels), pixels, factors);
}

torch::Tensor adjust_hue(const torch::Tensor& pixels, const std::vector<double>& turns) {
  if (pixels.size(1) == 1) return pixels;
  std::vector<double> shifts;
  for (const double turn : turns) shifts.push_back(std::trunc(turn * 255));
  Hsv hsv = hsv_of(pixels);
  // A byte wraps after 256 although the wheel has 255 steps.
  hsv.h = (hsv.h + torch::tensor(shifts, torch::kFloat64).view({-1, 1, 1}).to(pixels.device())).remainder_(256);
  return rgb_of(hsv).to(pixels.scalar_type());
}

torch::Tensor to_grey(const torch::Tensor& pixels) {
  return luma(pixels).expand_as(pixels);
}

torch::Tensor gaussian_blur(const torch::Tensor& pixels, const std::vector<double>& radii) {
  std::vector<Box1d> boxes;
  for (const double radius : radii) boxes.push_back(box_of(radius));
  const auto widest =
      std::max_element(boxes.begin(), boxes.end(), [](const Box1d& a, const Box1d& b) { return a.whole < b.whole; });
  const int margin = widest == boxes.end() ? 1 : widest->whole + 1;
  const auto images = static_cast<std::int64_t>(boxes.size());
  torch::Tensor weights = torch::zeros({2 * margin + 1, images, 1, 1, 1});
  auto weight = weights.accessor<float, 5>();
  for (int k = -margin; k <= margin; ++k) {
    for (std::int64_t i = 0; i < images; ++i) {
      const Box1d& box = boxes[static_cast<std::size_t>(i)];
      const int beyond = std::abs(k) - box.whole;
      weight[k + margin][i][0][0][0] = static_cast<float>(beyond <= 0 ? box.inner : beyond == 1 ? box.edge : 0);
    }
  }
  weights = weights.to(pixels.device());
  torch::Tensor result = pixels;
  for (const bool across : {true, false}) {
    for (int pass = 0; pass < 3; ++pass) result = box_pass(result, weights, across);
  }
  return result;
}

}  // namespace scant
