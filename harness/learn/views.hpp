// Views of an image for contrastive learning: random geometry as in training, then colour jitter, grey and blur. The
// colour operations give Pillow's values: whole numbers 0..255, rounded or cut off where Pillow does so.
#pragma once
#include "harness/learn/batches.hpp"

namespace scant {

/// How images of one or three channels change colour. Defaults: Chen et al., "Improved Baselines with Momentum
/// Contrastive Learning", 2020. With probability `jitter` brightness, contrast, saturation (factors uniform in 1 -+ the
/// number) and hue (a turn uniform in -+ the number, 1 = once round) change, in an order of the image's own; then grey
/// with probability `grey`; then with probability `blur` Gaussian blur, radius uniform in [blur_min, blur_max] pixels.
struct ColourChange {
  double jitter = 0.8, brightness = 0.4, contrast = 0.4, saturation = 0.4, hue = 0.1;
  double grey = 0.2;
  double blur = 0.5, blur_min = 0.1, blur_max = 2.0;
};

/// Pixels N x C x H x W float32, whole numbers 0..255, C = 1 or 3 (saturation, hue and grey leave one channel alone);
/// one factor an image.
torch::Tensor adjust_brightness(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_contrast(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_saturation(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_hue(const torch::Tensor& pixels, const std::vector<double>& turns);
torch::Tensor to_grey(const torch::Tensor& pixels);
/// Pillow's approximation of a Gaussian: three box blurs a direction, border pixels repeated.
torch::Tensor gaussian_blur(const torch::Tensor& pixels, const std::vector<double>& radii);

/// True for what colours can be changed of: 8-bit images of one or three channels.
bool has_colours(const Samples& samples);

/// Samples::augmented(positions, seed, epoch, view), then the colour change where the images have colours. An image's
/// draws depend on (seed, epoch, position, view) alone. Views below 128.
Batch coloured_view(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int view, const ColourChange& change);

/// Views 0..views-1 of the images, stacked along dimension 0 view by view; labels and indices one an image.
Batch stacked_views(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int views, const ColourChange& change);

}  // namespace scant
