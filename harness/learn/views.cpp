// Assembles views: crops, colours, normalisation.
#include "harness/learn/views.hpp"

#include <algorithm>

#include "harness/learn/colour_change.hpp"

namespace scant {
namespace {

torch::Tensor per_channel(const std::vector<float>& values, torch::Device device) {
  return torch::tensor(values).view({1, -1, 1, 1}).to(device);
}

/// The colours' draws of one image: geometry's draws of this view have the number `view` in the same place (Samples).
Random colour_random(std::uint64_t seed, int epoch, std::int64_t position, int view) {
  const auto numbered = static_cast<std::uint64_t>(view) | 0x80;
  return Random(seed, static_cast<std::uint64_t>(epoch) << 40 | numbered << 32 | static_cast<std::uint64_t>(position));
}

/// Rules that several views' images can be changed by together.
bool same_rules(const ViewRecipe& a, const ViewRecipe& b) {
  return a.colour.rules == b.colour.rules && a.shuffle_fields == b.shuffle_fields;
}

/// Stored values become 0..white of the rules by (x - shift) * scale, and network input by x * gain + offset.
struct Units {
  std::vector<float> shift, scale, gain, offset;
};

Units units_of(const Samples& samples, double white) {
  const ValueRange& range = samples.value_range();
  const Normalisation& normalisation = samples.normalisation();
  const double unit = samples.pixel_type() == PixelType::u8 ? 255 : 1;  // normalisation counts in these
  Units units;
  for (std::size_t c = 0; c < range.low.size(); ++c) {
    const double low = range.low[c], width = range.high[c] - low, deviation = normalisation.std[c];
    units.shift.push_back(static_cast<float>(low));
    units.scale.push_back(static_cast<float>(white / width));
    units.gain.push_back(static_cast<float>(width / white / unit / deviation));
    units.offset.push_back(static_cast<float>((low / unit - normalisation.mean[c]) / deviation));
  }
  return units;
}

/// Views [begin, end) of the images, all of one size: V*N x C x S x S.
torch::Tensor views_of_one_size(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed,
                                int epoch, const std::vector<ViewRecipe>& recipes, int begin, int end) {
  const auto count = static_cast<std::int64_t>(positions.size());
  torch::Tensor images = samples.crops(positions, seed, epoch, begin, {recipes.begin() + begin, recipes.begin() + end});
  for (int first = begin, last = begin; first < end; first = last) {
    const ViewRecipe& recipe = recipes[static_cast<std::size_t>(first)];
    std::vector<ViewDraws> draws;
    for (; last < end && same_rules(recipe, recipes[static_cast<std::size_t>(last)]); ++last) {
      for (const std::int64_t position : positions) {
        Random random = colour_random(seed, epoch, position, last);
        draws.push_back(draws_of(recipes[static_cast<std::size_t>(last)], random));
      }
    }
    const ColourOperations operations =
        samples.has_colours() ? colour_operations(recipe.colour.rules) : band_operations();
    const Units units = units_of(samples, operations.white);
    const auto channels = [&](const std::vector<float>& values) { return per_channel(values, images.device()); };
    torch::Tensor pixels = images.narrow(0, (first - begin) * count, (last - first) * count);
    // Whole numbers stay whole: only other units are changed.
    if (operations.white != 255) pixels.sub_(channels(units.shift)).mul_(channels(units.scale));
    change_views(pixels, draws, operations, recipe.shuffle_fields);
    pixels.mul_(channels(units.gain)).add_(channels(units.offset));
  }
  return images;
}

}  // namespace

Batch coloured_view(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int view, const ColourChange& change) {
  Batch batch = samples.augmented(positions, seed, epoch, view);
  if (!samples.has_colours()) return batch;
  std::vector<ViewDraws> draws;
  for (const std::int64_t position : positions) {
    Random random = colour_random(seed, epoch, position, view);
    draws.push_back(draws_of(change, random));
  }
  // The flips have been made already: no operation here tells left from right or top from bottom.
  const torch::Tensor mean = per_channel(samples.normalisation().mean, batch.images.device());
  const torch::Tensor deviation = per_channel(samples.normalisation().std, batch.images.device());
  torch::Tensor pixels = batch.images.mul_(deviation).add_(mean).mul_(255).round_().clamp_(0, 255);
  change_views(pixels, draws, colour_operations(ColourRules::pillow), 1);
  batch.images = pixels.div_(255).sub_(mean).div_(deviation);
  return batch;
}

Batch stacked_views(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int views, const ColourChange& change) {
  Batch result;
  std::vector<torch::Tensor> images;
  for (int view = 0; view < views; ++view) {
    Batch batch = coloured_view(samples, positions, seed, epoch, view, change);
    images.push_back(batch.images);
    if (view == 0) result = std::move(batch);
  }
  result.images = torch::cat(images);
  return result;
}

Batch views_of(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
               const std::vector<ViewRecipe>& recipes) {
  const auto side_of = [&](const ViewRecipe& recipe) { return recipe.size > 0 ? recipe.size : samples.side(); };
  const auto differs = [&](const ViewRecipe& recipe) { return side_of(recipe) != side_of(recipes.front()); };
  const auto views = static_cast<int>(recipes.size());
  const auto others = static_cast<int>(std::find_if(recipes.begin(), recipes.end(), differs) - recipes.begin());
  Batch batch = samples.labelled(positions, epoch);
  batch.images = views_of_one_size(samples, positions, seed, epoch, recipes, 0, others);
  if (others < views) batch.local = views_of_one_size(samples, positions, seed, epoch, recipes, others, views);
  return batch;
}

}  // namespace scant
