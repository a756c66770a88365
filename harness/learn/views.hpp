// Views of an image for contrastive learning: random geometry, then random colours. The colour operations declared here
// give Pillow's values: whole numbers 0..255, rounded or cut off where Pillow does so.
#pragma once
#include "harness/learn/batches.hpp"

namespace scant {

/// Pixels N x C x H x W float32, whole numbers 0..255, C = 1 or 3 (saturation, hue and grey leave one channel alone);
/// one factor an image.
torch::Tensor adjust_brightness(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_contrast(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_saturation(const torch::Tensor& pixels, const std::vector<double>& factors);
torch::Tensor adjust_hue(const torch::Tensor& pixels, const std::vector<double>& turns);
torch::Tensor to_grey(const torch::Tensor& pixels);
/// Pillow's approximation of a Gaussian: three box blurs a direction, border pixels repeated.
torch::Tensor gaussian_blur(const torch::Tensor& pixels, const std::vector<double>& radii);

/// Samples::augmented(positions, seed, epoch, view), then the colour change where the images have colours. An image's
/// draws depend on (seed, epoch, position, view) alone. Views below 128. Pillow's rules only.
Batch coloured_view(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int view, const ColourChange& change);

/// View i of every image by recipes[i]. Batch.images: the views whose size is the first recipe's, normalised, stacked
/// view by view along dimension 0 (V*N x C x S x S); Batch.local: the others (multi-crop), stacked likewise, undefined
/// if there are none; labels and indices one an image. An image's draws depend on (seed, epoch, position, view) alone.
/// Images without colours (Samples::has_colours) are scaled to Samples::value_range() band by band, changed without
/// limits (brightness, contrast, grey = the mean over bands, blur; no saturation, hue, stains or solarising) and scaled
/// back. Recipes of the first size come before the others, which have one other size;
/// throws std::invalid_argument otherwise. At most 128 recipes.
Batch views_of(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
               const std::vector<ViewRecipe>& recipes);

/// Views 0..views-1 of the images, stacked along dimension 0 view by view; labels and indices one an image.
Batch stacked_views(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int views, const ColourChange& change);

}  // namespace scant
