// The views that published methods train on, by name.
#pragma once
#include <string>
#include <vector>

#include "harness/learn/view_recipe.hpp"

namespace scant {

/// Names of recipes, sorted, and what each holds, one view after the other:
/// byol (two unlike views), histopathology (two views; -grid, -original, -scale, -stain: the study's options and stain
/// jitter), moco-v2 (two), msf (query strong, target weak), simclr (two), swav (2 large, 6 small), swav-two-crops,
/// trex and trex-star (1 large, 8 small).
std::vector<std::string> recipe_names();

/// The recipe for images that the network sees at `side` x `side`; `strength` multiplies the ranges of brightness,
/// contrast, saturation and hue. Up to 32 pixels, as on CIFAR: no blur, half of simclr's jitter, and small crops of
/// 9/16 of the side that cover more of the image (specs: ssl, sections 1 to 9 and 12). Throws InputError for an unknown
/// name.
std::vector<ViewRecipe> view_recipes(const std::string& name, int side, double strength = 1);

}  // namespace scant
