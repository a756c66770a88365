// Initial values: normal and uniform draws from Philox, four of a block, the same on every device.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "harness/learn/backbone.hpp"

namespace scant {
namespace {

/// Calls draw(block, values) for every four elements: `values` receives what the 128 random bits become.
template <class Draw>
void fill(torch::Tensor tensor, Random& random, Draw draw) {
  const std::uint64_t high = random.bits(), key = (high << 32) | random.bits();
  const auto n = static_cast<std::size_t>(tensor.numel());
  std::vector<float> values((n + 3) / 4 * 4);
  for (std::size_t i = 0; i < n; i += 4) draw(philox(key, 0, i / 4), values.data() + i);
  const torch::NoGradGuard no_grad;
  tensor.copy_(torch::from_blob(values.data(), {tensor.numel()}, torch::kFloat32).view(tensor.sizes()));
}

}  // namespace

void fill_normal(torch::Tensor tensor, double std_dev, Random& random) {
  const auto scale = static_cast<float>(std_dev);
  fill(std::move(tensor), random, [scale](const std::array<std::uint32_t, 4>& bits, float* values) {
    for (int pair = 0; pair < 2; ++pair) {
      // Box-Muller in single precision: u in (0, 1] from 32 bits, so that the logarithm is finite; tails end at 6.7.
      const float u = (static_cast<float>(bits[2 * pair]) + 1.0F) * 0x1.0p-32F;
      const float angle =
          static_cast<float>(2.0 * std::numbers::pi * 0x1.0p-32) * static_cast<float>(bits[2 * pair + 1]);
      const float radius = scale * std::sqrt(-2.0F * std::log(std::min(u, 1.0F)));
      values[2 * pair] = radius * std::cos(angle);
      values[2 * pair + 1] = radius * std::sin(angle);
    }
  });
}

void fill_uniform(torch::Tensor tensor, double bound, Random& random) {
  const auto limit = static_cast<float>(bound);
  fill(std::move(tensor), random, [limit](const std::array<std::uint32_t, 4>& bits, float* values) {
    // 24 bits are all that a float in [0, 1) holds.
    for (int i = 0; i < 4; ++i) values[i] = limit * (static_cast<float>(bits[i] >> 8) * 0x1.0p-23F - 1.0F);
  });
}

}  // namespace scant
