// torchvision's rules for crop boxes.
#include <algorithm>
#include <cmath>

#include "harness/data/resize.hpp"

namespace scant {
namespace {

constexpr double kNarrowest = 3.0 / 4.0, kWidest = 4.0 / 3.0;  // width over height
constexpr int kAttempts = 10;

/// Python's round(): halves go to the even neighbour.
int rounded(double value) {
  return static_cast<int>(std::nearbyint(value));
}

}  // namespace

Box center_box(int height, int width, int size) {
  return {rounded((height - size) / 2.0), rounded((width - size) / 2.0), size, size};
}

bool crop_candidate(int height, int width, double area_share, double aspect, int& crop_height, int& crop_width) {
  const double area = static_cast<double>(height) * width * area_share;
  crop_width = rounded(std::sqrt(area * aspect));
  crop_height = rounded(std::sqrt(area / aspect));
  return crop_width > 0 && crop_width <= width && crop_height > 0 && crop_height <= height;
}

Box crop_fallback(int height, int width) {
  Box box{0, 0, height, width};
  const double aspect = static_cast<double>(width) / height;
  if (aspect < kNarrowest) box.height = rounded(width / kNarrowest);
  if (aspect > kWidest) box.width = rounded(height * kWidest);
  box.top = (height - box.height) / 2;
  box.left = (width - box.width) / 2;
  return box;
}

Box random_resized_crop(int height, int width, double min_scale, double max_scale, Random& random) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const double share = random.uniform(min_scale, max_scale);
    const double aspect = std::exp(random.uniform(std::log(kNarrowest), std::log(kWidest)));
    Box box;
    if (!crop_candidate(height, width, share, aspect, box.height, box.width)) continue;
    box.top = static_cast<int>(random.below(static_cast<std::uint64_t>(height - box.height) + 1));
    box.left = static_cast<int>(random.below(static_cast<std::uint64_t>(width - box.width) + 1));
    return box;
  }
  return crop_fallback(height, width);
}

}  // namespace scant
