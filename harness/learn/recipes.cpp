// Published view recipes. Numbers: specs, ssl, the sections on each method.
#include "harness/learn/recipes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <map>

#include "harness/core/error.hpp"

namespace scant {
namespace {

using Recipes = std::vector<ViewRecipe>;

constexpr int smallest_blurred = 33;  // pixels; below, a blur of two pixels leaves nothing to recognise

/// The side of small crops: 96 of 224; of images of 32 pixels 18, since 14 are too few to see anything in.
int small_side(int side) {
  return side < smallest_blurred ? side * 9 / 16 : (side * 96 + 112) / 224;
}

Recipes moco(int) {
  return {2, ViewRecipe{}};  // the defaults
}

/// Mean shift: the query is strong, the target weak.
Recipes mean_shift(int) {
  ViewRecipe weak;
  weak.colour = {.jitter = 0, .grey = 0, .blur = 0};
  return {ViewRecipe{}, weak};
}

Recipes simclr(int side) {
  const double s = side < smallest_blurred ? 0.5 : 1;
  ViewRecipe view{.min_scale = 0.08, .bicubic = true};
  view.colour = {.brightness = 0.8 * s, .contrast = 0.8 * s, .saturation = 0.8 * s, .hue = 0.2 * s};
  view.colour.rules = ColourRules::simclr;
  return {2, view};
}

Recipes byol(int) {
  ViewRecipe first{.min_scale = 0.08, .bicubic = true};
  first.colour = {.saturation = 0.2, .blur = 1};
  first.colour.rules = ColourRules::byol;
  ViewRecipe second = first;
  second.colour.blur = 0.1;
  second.colour.solarise = 0.2;
  return {first, second};
}

ColourChange strong_jitter() {
  return {.brightness = 0.8, .contrast = 0.8, .saturation = 0.8, .hue = 0.2};
}

Recipes swav_two_crops(int) {
  ViewRecipe view{.min_scale = 0.08};
  view.colour = strong_jitter();
  return {2, view};
}

Recipes swav(int side) {
  const bool small = side < smallest_blurred;
  ViewRecipe large{.min_scale = small ? 0.2 : 0.14};
  large.colour = strong_jitter();
  ViewRecipe local = large;
  local.size = small_side(side);
  local.min_scale = small ? 0.08 : 0.05;
  local.max_scale = small ? 0.5 : 0.14;
  Recipes all(2, large);
  all.insert(all.end(), 6, local);
  return all;
}

/// `boundary`: area share that the large crop exceeds and the small ones stay below.
Recipes trex(int side, double boundary) {
  ViewRecipe large{.min_scale = boundary, .bicubic = true};
  large.colour = {.saturation = 0.2, .blur = 0.2, .solarise = 0.2};
  ViewRecipe local = large;
  local.size = small_side(side);
  local.min_scale = side < smallest_blurred ? 0.08 : 0.05;
  local.max_scale = boundary;
  local.colour.blur = 0.5;
  local.colour.solarise = 0;
  Recipes all{large};
  all.insert(all.end(), 8, local);
  return all;
}

/// Tissue has no upright position and no meaningful grey.
ViewRecipe tissue() {
  ViewRecipe view{.min_scale = 0.95, .vflip = 0.5, .quarter_turns = true};
  view.colour = strong_jitter();
  view.colour.grey = view.colour.blur = 0;
  return view;
}

Recipes tissue_with(void (*option)(ViewRecipe&)) {
  ViewRecipe view = tissue();
  option(view);
  return {2, view};
}

const std::map<std::string, std::function<Recipes(int side)>>& all_recipes() {
  static const std::map<std::string, std::function<Recipes(int side)>> all{
      {"byol", byol},
      {"histopathology", [](int) { return Recipes(2, tissue()); }},
      {"histopathology-grid", [](int) { return tissue_with([](ViewRecipe& v) { v.distort = v.shuffle = 0.5; }); }},
      {"histopathology-original",
       [](int) { return tissue_with([](ViewRecipe& v) { v.min_scale = 0.2, v.colour.blur = 0.5; }); }},
      {"histopathology-scale", [](int) { return tissue_with([](ViewRecipe& v) { v.min_scale = 0.2; }); }},
      {"histopathology-stain", [](int) { return tissue_with([](ViewRecipe& v) { v.colour.stain = 0.8; }); }},
      {"moco-v2", moco},
      {"msf", mean_shift},
      {"simclr", simclr},
      {"swav", swav},
      {"swav-two-crops", swav_two_crops},
      {"trex", [](int side) { return trex(side, 0.25); }},
      {"trex-star", [](int side) { return trex(side, 0.4); }}};
  return all;
}

}  // namespace

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const auto& [name, recipe] : all_recipes()) names.push_back(name);
  return names;
}

std::vector<ViewRecipe> view_recipes(const std::string& name, int side, double strength) {
  const auto found = all_recipes().find(name);
  if (found == all_recipes().end()) {
    throw InputError(fmt::format("no views are called \"{}\", but {}", name, fmt::join(recipe_names(), ", ")));
  }
  Recipes recipes = found->second(side);
  for (ViewRecipe& recipe : recipes) {
    ColourChange& colour = recipe.colour;
    for (double* range : {&colour.brightness, &colour.contrast, &colour.saturation, &colour.hue}) *range *= strength;
    if (side < smallest_blurred) colour.blur = 0;
  }
  return recipes;
}

}  // namespace scant
