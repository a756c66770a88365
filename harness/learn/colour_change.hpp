// Random changes of a batch of views: every image's draws on the host, then each operation once for all images that
// have it at that place in their order.
#pragma once
#include <array>
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"
#include "harness/learn/stains.hpp"
#include "harness/learn/view_recipe.hpp"

namespace scant {

/// One image's draws.
struct ViewDraws {
  bool jitter = false, grey = false, blur = false, solarise = false, stain = false, contrast_alone = false,
       distort = false, shuffle = false;
  std::vector<int> order{0, 1, 2, 3};  // of brightness, contrast, saturation and hue
  std::array<double, 4> factors{};     // likewise
  double deviation = 0, contrast = 0;  // of the blur, in pixels; factor of the change of contrast alone
  StainChange stains;
  std::vector<double> across, down;  // stripe factors of the grid distortion
  std::vector<std::int64_t> fields;  // order of the shuffled grid
};

/// A colour change's draws, the same number in every call, so that one probability does not move the others' draws.
ViewDraws draws_of(const ColourChange& change, Random& random);
/// Those and, behind them, what a view's distortions need.
ViewDraws draws_of(const ViewRecipe& recipe, Random& random);

/// How pixels change. `white` is 1 or, for Pillow's rules, 255; operations that an image cannot have are null.
struct ColourOperations {
  using Change = torch::Tensor (*)(const torch::Tensor& pixels, const std::vector<double>& values);
  std::array<Change, 4> jitter{};  // brightness, contrast, saturation, hue (this one of turns, the others of factors)
  torch::Tensor (*grey)(const torch::Tensor& pixels) = nullptr;
  Change blur = nullptr;  // of standard deviations in pixels
  double white = 1;
  bool cut_off = true;  // values to 0..white after each operation
  bool inverts = true;  // can solarise, from the middle of the range on
};
ColourOperations colour_operations(ColourRules rules);
/// Of rasters: brightness and contrast (about each band's mean) without limits, grey = the mean over bands, true blur;
/// no saturation, hue or solarising.
ColourOperations band_operations();
/// Runs one operation as a view does, cut off afterwards.
torch::Tensor changed(const ColourOperations& operations, ColourOperations::Change change, const torch::Tensor& pixels,
                      const std::vector<double>& values);

/// Changes `pixels` (M x C x S x S, in 0..white) in place; one ViewDraws an image: stains, jitter, grey, blur,
/// solarise, then grid distortion, contrast alone, and the shuffle of a grid of `fields` x `fields`.
void change_views(torch::Tensor& pixels, const std::vector<ViewDraws>& draws, const ColourOperations& operations,
                  int fields);

}  // namespace scant
