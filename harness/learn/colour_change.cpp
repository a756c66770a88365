// Random changes of a batch of views.
#include "harness/learn/colour_change.hpp"

#include <algorithm>
#include <numeric>

#include "harness/learn/float_colours.hpp"
#include "harness/learn/views.hpp"
#include "harness/learn/warps.hpp"

namespace scant {
namespace {

enum Operation { brightness, contrast, saturation, hue, operations };

/// Replaces the images for which chosen(draws) says so by change(those images, their draws).
template <class Chosen, class Change>
void apply(torch::Tensor& pixels, const std::vector<ViewDraws>& draws, const Chosen& chosen, const Change& change) {
  std::vector<std::int64_t> rows;
  std::vector<const ViewDraws*> theirs;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    if (!chosen(draws[i])) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    theirs.push_back(&draws[i]);
  }
  if (rows.empty()) return;
  if (rows.size() == draws.size()) {
    pixels.copy_(change(pixels, theirs));
    return;
  }
  const torch::Tensor index = torch::tensor(rows, torch::kInt64).to(pixels.device());
  pixels.index_copy_(0, index, change(pixels.index_select(0, index), theirs));
}

/// value(draws) of each image.
template <class Value>
auto each(const std::vector<const ViewDraws*>& draws, const Value& value) {
  std::vector<std::decay_t<decltype(value(*draws.front()))>> values;
  values.reserve(draws.size());
  for (const ViewDraws* draw : draws) values.push_back(value(*draw));
  return values;
}

/// The number of pixels on each side of a blur's centre, for kernels of a tenth of the image.
int blur_radius(const torch::Tensor& pixels) {
  return std::max(1, static_cast<int>(pixels.size(3)) / 20);
}

torch::Tensor blur_with_zeros(const torch::Tensor& pixels, const std::vector<double>& deviations) {
  return true_gaussian_blur(pixels, deviations, blur_radius(pixels), Border::zero);
}

torch::Tensor blur_mirrored(const torch::Tensor& pixels, const std::vector<double>& deviations) {
  return true_gaussian_blur(pixels, deviations, blur_radius(pixels), Border::reflect);
}

torch::Tensor brighten_by_factor_less_one(const torch::Tensor& pixels, const std::vector<double>& factors) {
  std::vector<double> deltas(factors);
  for (double& delta : deltas) delta -= 1;
  return shift_brightness(pixels, deltas);
}

/// Where solarising starts: 128 of 255, 0.5 of 1.
double middle_of(const ColourOperations& operations) {
  return operations.white == 1 ? 0.5 : (operations.white + 1) / 2;
}

/// Stains are computed on [0,1] and given back in the rules' units.
torch::Tensor with_stains(const torch::Tensor& pixels, const std::vector<StainChange>& changes, double white) {
  if (white == 1) return change_stains(pixels, changes);
  return change_stains(pixels / white, changes).mul_(white).round_();
}

}  // namespace

ViewDraws draws_of(const ColourChange& change, Random& random) {
  ViewDraws draws;
  const auto factor = [&](double range) { return random.uniform(std::max(0.0, 1 - range), 1 + range); };
  draws.jitter = random.uniform() < change.jitter;
  random.shuffle(draws.order);
  draws.factors[brightness] = factor(change.brightness);
  draws.factors[contrast] = factor(change.contrast);
  draws.factors[saturation] = factor(change.saturation);
  draws.factors[hue] = random.uniform(-change.hue, change.hue);
  draws.grey = random.uniform() < change.grey;
  draws.blur = random.uniform() < change.blur;
  draws.deviation = random.uniform(change.blur_min, change.blur_max);
  draws.solarise = random.uniform() < change.solarise;
  draws.stain = random.uniform() < change.stain;
  for (double& scale : draws.stains.scale) scale = factor(change.stain_scale);
  for (double& shift : draws.stains.shift) shift = random.uniform(-change.stain_shift, change.stain_shift);
  draws.contrast_alone = random.uniform() < change.contrast_alone;
  draws.contrast = factor(change.contrast_range);
  return draws;
}

ViewDraws draws_of(const ViewRecipe& recipe, Random& random) {
  ViewDraws draws = draws_of(recipe.colour, random);
  if (recipe.distort <= 0 && recipe.shuffle <= 0) return draws;
  draws.distort = random.uniform() < recipe.distort;
  for (std::vector<double>* stripes : {&draws.across, &draws.down}) {
    for (int i = 0; i < recipe.distort_steps; ++i) {
      stripes->push_back(random.uniform(1 - recipe.distort_limit, 1 + recipe.distort_limit));
    }
  }
  draws.shuffle = random.uniform() < recipe.shuffle;
  draws.fields.resize(static_cast<std::size_t>(recipe.shuffle_fields) *
                      static_cast<std::size_t>(recipe.shuffle_fields));
  std::iota(draws.fields.begin(), draws.fields.end(), 0);
  random.shuffle(draws.fields);
  return draws;
}

ColourOperations colour_operations(ColourRules rules) {
  switch (rules) {
    case ColourRules::pillow:
      return {{adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue}, to_grey, gaussian_blur, 255};
    case ColourRules::torchvision:
      return {{scale_brightness, scale_contrast_of_image, scale_saturation, turn_hue}, float_grey, blur_mirrored};
    case ColourRules::byol:
      return {{brighten_by_factor_less_one, scale_contrast_of_channels, scale_hsv_saturation, turn_hue},
              float_grey,
              blur_with_zeros};
    case ColourRules::simclr:
      break;
  }
  return {{scale_brightness, scale_contrast_of_channels, scale_hsv_saturation, turn_hue}, float_grey, blur_with_zeros};
}

ColourOperations band_operations() {
  ColourOperations bands{{scale_brightness, scale_contrast_of_channels, nullptr, nullptr}, band_mean, blur_mirrored};
  bands.cut_off = bands.inverts = false;
  return bands;
}

torch::Tensor changed(const ColourOperations& operations, ColourOperations::Change change, const torch::Tensor& pixels,
                      const std::vector<double>& values) {
  torch::Tensor result = change(pixels, values);
  // Pillow's own operations have cut off already.
  return operations.cut_off && operations.white == 1 ? result.clamp_(0, 1) : result;
}

void change_views(torch::Tensor& pixels, const std::vector<ViewDraws>& draws, const ColourOperations& with,
                  int fields) {
  using Theirs = std::vector<const ViewDraws*>;
  if (with.inverts && pixels.size(1) == 3) {
    apply(
        pixels, draws, [](const ViewDraws& d) { return d.stain; },
        [&](const torch::Tensor& x, const Theirs& theirs) {
          return with_stains(x, each(theirs, [](const ViewDraws& d) { return d.stains; }), with.white);
        });
  }
  for (std::size_t place = 0; place < operations; ++place) {
    for (std::size_t which = 0; which < operations; ++which) {
      if (with.jitter[which] == nullptr) continue;
      apply(
          pixels, draws, [&](const ViewDraws& d) { return d.jitter && d.order[place] == static_cast<int>(which); },
          [&](const torch::Tensor& x, const Theirs& theirs) {
            return changed(with, with.jitter[which], x,
                           each(theirs, [&](const ViewDraws& d) { return d.factors[which]; }));
          });
    }
  }
  apply(
      pixels, draws, [](const ViewDraws& d) { return d.grey; },
      [&](const torch::Tensor& x, const Theirs&) { return with.grey(x); });
  apply(
      pixels, draws, [](const ViewDraws& d) { return d.blur; },
      [&](const torch::Tensor& x, const Theirs& theirs) {
        return changed(with, with.blur, x, each(theirs, [](const ViewDraws& d) { return d.deviation; }));
      });
  if (with.inverts) {
    apply(
        pixels, draws, [](const ViewDraws& d) { return d.solarise; },
        [&](const torch::Tensor& x, const Theirs&) { return solarise(x, middle_of(with), with.white); });
  }
  apply(
      pixels, draws, [](const ViewDraws& d) { return d.distort; },
      [&](const torch::Tensor& x, const Theirs& theirs) {
        return distort_grid(x, each(theirs, [](const ViewDraws& d) { return d.across; }),
                            each(theirs, [](const ViewDraws& d) { return d.down; }));
      });
  apply(
      pixels, draws, [](const ViewDraws& d) { return d.contrast_alone; },
      [&](const torch::Tensor& x, const Theirs& theirs) {
        return changed(with, with.jitter[contrast], x, each(theirs, [](const ViewDraws& d) { return d.contrast; }));
      });
  apply(
      pixels, draws, [](const ViewDraws& d) { return d.shuffle; },
      [&](const torch::Tensor& x, const Theirs& theirs) {
        return shuffle_grid(x, fields, each(theirs, [](const ViewDraws& d) { return d.fields; }));
      });
}

}  // namespace scant
