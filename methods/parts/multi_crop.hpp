// Small crops beside whole views: Caron et al., "Unsupervised Learning of Visual Features by Contrasting Cluster
// Assignments", NeurIPS 2020.
#pragma once
#include <vector>

#include "harness/learn/view_recipe.hpp"

namespace scant {

/// How many views of a recipe have its first view's size.
int whole_views(const std::vector<ViewRecipe>& recipes);

/// The recipe with `count` small views: those behind them are dropped, the last one is repeated. A recipe without small
/// views stays as it is.
std::vector<ViewRecipe> with_small_views(std::vector<ViewRecipe> recipes, int count);

}  // namespace scant
