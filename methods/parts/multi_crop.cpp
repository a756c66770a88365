// Counting and repeating small crops.
#include "methods/parts/multi_crop.hpp"

#include <algorithm>

namespace scant {

int whole_views(const std::vector<ViewRecipe>& recipes) {
  const auto whole = [&](const ViewRecipe& view) { return view.size == recipes.front().size; };
  return static_cast<int>(std::count_if(recipes.begin(), recipes.end(), whole));
}

std::vector<ViewRecipe> with_small_views(std::vector<ViewRecipe> recipes, int count) {
  const int whole = whole_views(recipes);
  if (static_cast<int>(recipes.size()) == whole) return recipes;
  const ViewRecipe last = recipes.back();
  recipes.resize(static_cast<std::size_t>(whole + count), last);
  return recipes;
}

}  // namespace scant
