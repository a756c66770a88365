// Cycles, growing views, hard positives.
#include "methods/parts/efficient_training.hpp"

#include <algorithm>
#include <cmath>

#include "methods/parts/multi_crop.hpp"
#include "methods/parts/projector.hpp"

namespace scant {
namespace {

/// 0 at a cycle's first epoch, 1 in its last quarter, which is one epoch at least.
double progress(int epoch, const Cycle& cycle) {
  const std::int64_t rising = cycle.length - std::max<std::int64_t>(1, cycle.length / 4);
  return rising == 0 ? 1 : std::min(1.0, static_cast<double>(epoch - cycle.begin) / static_cast<double>(rising));
}

double between(double first, double share) {
  return first + (1 - first) * share;
}

int side_at(int side, double share) {
  const int step = side >= 96 ? 32 : 4;
  return std::clamp(static_cast<int>(std::lround(side * share / step)) * step, std::min(step, side), side);
}

void weaken(ViewRecipe& view, double magnitude) {
  ColourChange& colour = view.colour;
  for (double* number : {&colour.brightness, &colour.contrast, &colour.saturation, &colour.hue, &colour.grey,
                         &colour.blur, &colour.solarise}) {
    *number *= magnitude;
  }
  view.min_scale = std::min(view.max_scale, 1 - (1 - view.min_scale) * magnitude);
}

}  // namespace

Cycle EfficientTraining::cycle_of(int epoch, int epochs) const {
  if (!cyclic()) return {.index = 0, .begin = 0, .length = epochs};
  return cycle_at(std::min(epoch, epochs - 1), cycle_epochs, cycle_growth);
}

double EfficientTraining::rate(double lr, std::int64_t step, const Cycle& cycle) const {
  return rate_at({.kind = "cycles", .rate = lr, .floor = cycle_floor * lr, .cycle = cycle.length, .rise = cycle_rise},
                 step - cycle.begin);
}

std::vector<ViewRecipe> EfficientTraining::at(int epoch, int epochs, int side, std::vector<ViewRecipe> recipes) const {
  if (!progressive()) return recipes;
  const double share = progress(std::min(epoch, epochs - 1), cycle_of(epoch, epochs));
  const int whole = side_at(side, between(first_resolution, share));
  for (ViewRecipe& view : recipes) {
    weaken(view, between(first_magnitude, share));
    if (whole < side) view.size = view.size == 0 ? whole : std::max(1, view.size * whole / side);
  }
  return recipes;
}

std::vector<ViewRecipe> EfficientTraining::with_candidates(const std::vector<ViewRecipe>& recipes) const {
  std::vector<ViewRecipe> all;
  for (int i = 0; i < candidates; ++i) all.push_back(recipes[static_cast<std::size_t>(i % 2)]);
  all.insert(all.end(), recipes.begin() + whole_views(recipes), recipes.end());
  return all;
}

torch::Tensor EfficientTraining::chosen(const torch::Tensor& features, std::int64_t n) const {
  const torch::Tensor views = unit_rows(features).view({candidates, n, -1});
  const torch::Tensor first = views.slice(0, 0, candidates, 2), second = views.slice(0, 1, candidates, 2);
  const std::int64_t seconds = second.size(0);
  const torch::Tensor cosines = torch::einsum("and,bnd->abn", {first, second}).flatten(0, 1);
  const torch::Tensor hardest_last = cosines.argsort(0, /*descending=*/true);
  const torch::Tensor pair = hardest_last[std::lround(hardness * static_cast<double>(cosines.size(0) - 1))];
  const torch::Tensor image = torch::arange(n, pair.options());
  const torch::Tensor a = pair.div(seconds, "floor") * 2, b = pair.remainder(seconds) * 2 + 1;
  return torch::cat({a * n + image, b * n + image});
}

}  // namespace scant
