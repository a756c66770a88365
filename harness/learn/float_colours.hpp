// Colour operations on real numbers, white = 1: torchvision's on tensors, BYOL's, and what of them images of any number
// of bands have. All take N x C x H x W of any floating type and one factor an image; none of them cuts off.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// N x 1 x 1 x 1 on the pixels' device, in their type.
torch::Tensor per_image(const std::vector<double>& values, const torch::Tensor& pixels);

/// 0.2989 red + 0.587 green + 0.114 blue, N x 1 x H x W; one channel itself.
torch::Tensor grey_level(const torch::Tensor& pixels);
/// The same in every channel.
torch::Tensor float_grey(const torch::Tensor& pixels);
/// The mean over channels in every channel.
torch::Tensor band_mean(const torch::Tensor& pixels);

torch::Tensor scale_brightness(const torch::Tensor& pixels, const std::vector<double>& factors);
/// Adds `deltas`.
torch::Tensor shift_brightness(const torch::Tensor& pixels, const std::vector<double>& deltas);
/// Away from the mean of the image's grey level, or of each of its channels.
torch::Tensor scale_contrast_of_image(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor scale_contrast_of_channels(const torch::Tensor& pixels, const std::vector<double>& factors);
/// Away from the grey level of each pixel. Three channels; one channel stays as it is, here and below.
torch::Tensor scale_saturation(const torch::Tensor& pixels, const std::vector<double>& factors);
/// Saturation of HSV times the factor, cut off at 1.
torch::Tensor scale_hsv_saturation(const torch::Tensor& pixels, const std::vector<double>& factors);
/// Turns hue, 1 = once round.
torch::Tensor turn_hue(const torch::Tensor& pixels, const std::vector<double>& turns);

/// N x 3 x H x W, all in [0,1].
torch::Tensor hsv_of_rgb(const torch::Tensor& rgb);
torch::Tensor rgb_of_hsv(const torch::Tensor& hsv);

/// white - x where x >= threshold.
torch::Tensor solarise(const torch::Tensor& pixels, double threshold, double white);

enum class Border { zero, reflect };
/// A true Gaussian, cut off `radius` pixels from its centre; one standard deviation in pixels an image. What lies
/// behind the border is zero, or mirrored without repeating the border pixel (needs images larger than the radius).
torch::Tensor true_gaussian_blur(const torch::Tensor& pixels, const std::vector<double>& deviations, int radius,
                                 Border border);

}  // namespace scant
