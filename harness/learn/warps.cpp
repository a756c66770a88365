// Grid distortion and grid shuffle, an index and a weight a pixel.
#include "harness/learn/warps.hpp"

#include <algorithm>

namespace scant {
namespace {

/// Linear interpolation along the last dimension, at positions that differ between images. `pixels` N x C x H x W.
torch::Tensor sampled_columns(const torch::Tensor& pixels, const std::vector<std::vector<double>>& factors) {
  const std::int64_t size = pixels.size(3);
  std::vector<double> positions;
  for (const auto& of_image : factors) {
    const std::vector<double> all = stripe_positions(static_cast<int>(size), of_image);
    positions.insert(positions.end(), all.begin(), all.end());
  }
  const torch::Tensor at = torch::tensor(positions, torch::kFloat64).view({-1, 1, 1, size}).to(pixels.device());
  const torch::Tensor low = at.floor();
  const auto columns = [&](const torch::Tensor& which) {
    return pixels.gather(3, which.clamp(0, size - 1).to(torch::kInt64).expand_as(pixels));
  };
  const torch::Tensor left = columns(low), share = (at - low).to(pixels.scalar_type());
  // Not lerp: a fused product has other last bits at the end of a thread's share than within it.
  return (columns(low + 1) - left).mul_(share).add_(left);
}

}  // namespace

std::vector<double> stripe_positions(int size, const std::vector<double>& factors) {
  const int stripe = std::max(1, size / static_cast<int>(factors.size()));
  std::vector<double> positions(static_cast<std::size_t>(size));
  double begin = 0;
  for (int x = 0; x < size; x += stripe) {
    // Where the stripes leave a rest, that keeps its own width.
    const auto which = static_cast<std::size_t>(x / stripe);
    const double factor = which < factors.size() ? factors[which] : 1;
    const int end = std::min(x + stripe, size);
    for (int i = x; i < end; ++i) {
      positions[static_cast<std::size_t>(i)] = std::clamp(begin + factor * (i - x), 0.0, size - 1.0);
    }
    begin += factor * (end - x);
  }
  return positions;
}

torch::Tensor distort_grid(const torch::Tensor& pixels, const std::vector<std::vector<double>>& across,
                           const std::vector<std::vector<double>>& down) {
  const torch::Tensor rows = sampled_columns(pixels, across).transpose(2, 3).contiguous();
  return sampled_columns(rows, down).transpose(2, 3);
}

torch::Tensor shuffle_grid(const torch::Tensor& pixels, int fields,
                           const std::vector<std::vector<std::int64_t>>& order) {
  const std::int64_t height = pixels.size(2), width = pixels.size(3);
  const std::int64_t high = height / fields, wide = width / fields, all = std::int64_t{fields} * fields;
  std::vector<std::int64_t> field_of, shifts;  // of each pixel, `all` = none; of each image's fields, in pixels
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const bool inside = y < high * fields && x < wide * fields;
      field_of.push_back(inside ? y / high * fields + x / wide : all);
    }
  }
  for (const auto& of_image : order) {
    for (std::int64_t f = 0; f < all; ++f) {
      const std::int64_t from = of_image[static_cast<std::size_t>(f)];
      shifts.push_back((from / fields - f / fields) * high * width + (from % fields - f % fields) * wide);
    }
    shifts.push_back(0);
  }
  const torch::Tensor of_field = torch::tensor(shifts, torch::kInt64).view({-1, all + 1}).to(pixels.device());
  const torch::Tensor source = of_field.index_select(1, torch::tensor(field_of, torch::kInt64).to(pixels.device())) +
                               torch::arange(height * width, of_field.options());
  return pixels.flatten(2).gather(2, source.unsqueeze(1).expand({-1, pixels.size(1), -1})).view(pixels.sizes());
}

}  // namespace scant
