// Stained tissue: how much haematoxylin, eosin and DAB a pixel holds, by its optical density. Ruifrok & Johnston,
// "Quantification of histochemical staining by color deconvolution", 2001; scale and limits as scikit-image has them.
#pragma once
#include <array>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Colours of the three stains as optical densities, and their inverse; 3 x 3 float64, a row a stain or a primary.
torch::Tensor rgb_of_stains();
torch::Tensor stains_of_rgb();

/// N x 3 x H x W in [0,1] to stains N x 3 x H x W >= 0 (0 where a colour lies outside the stains' cone), and back.
/// Densities are logarithms to base 1e-6, so that white is 0 and 1e-6 is 1.
torch::Tensor stains_of(const torch::Tensor& rgb);
torch::Tensor colours_of_stains(const torch::Tensor& stains);

/// One image's change of each stain: times scale plus shift.
struct StainChange {
  std::array<double, 3> scale{1, 1, 1}, shift{0, 0, 0};
};
/// rgb N x 3 x H x W in [0,1], one change an image.
torch::Tensor change_stains(const torch::Tensor& rgb, const std::vector<StainChange>& changes);

}  // namespace scant
