// Random colours: every image's draws on the host, then each operation once for all images that have it at that place
// in their order.
#include "harness/learn/views.hpp"

#include <array>

#include "harness/core/random.hpp"

namespace scant {
namespace {

enum Operation { brightness, contrast, saturation, hue, operations };

/// One image's draws.
struct Draws {
  bool jitter = false, grey = false, blur = false;
  std::vector<int> order{brightness, contrast, saturation, hue};
  std::array<double, operations> factors{};
  double radius = 0;
};

/// Always the same number of draws, so that one probability does not move the others' draws.
Draws draws_of(const ColourChange& change, Random random) {
  Draws draws;
  draws.jitter = random.uniform() < change.jitter;
  random.shuffle(draws.order);
  draws.factors[brightness] = random.uniform(1 - change.brightness, 1 + change.brightness);
  draws.factors[contrast] = random.uniform(1 - change.contrast, 1 + change.contrast);
  draws.factors[saturation] = random.uniform(1 - change.saturation, 1 + change.saturation);
  draws.factors[hue] = random.uniform(-change.hue, change.hue);
  draws.grey = random.uniform() < change.grey;
  draws.blur = random.uniform() < change.blur;
  draws.radius = random.uniform(change.blur_min, change.blur_max);
  return draws;
}

/// Replaces the images for which chosen(draws) says so by change(those images, value(draws) of each).
template <class Chosen, class Value, class Change>
void apply(torch::Tensor& pixels, const std::vector<Draws>& draws, const Chosen& chosen, const Value& value,
           const Change& change) {
  std::vector<std::int64_t> rows;
  std::vector<double> values;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    if (!chosen(draws[i])) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    values.push_back(value(draws[i]));
  }
  if (rows.empty()) return;
  const torch::Tensor index = torch::tensor(rows, torch::kInt64).to(pixels.device());
  pixels.index_copy_(0, index, change(pixels.index_select(0, index), values));
}

void change_colours(torch::Tensor& pixels, const std::vector<Draws>& draws) {
  constexpr std::array change = {adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue};
  for (std::size_t place = 0; place < operations; ++place) {
    for (int operation = 0; operation < operations; ++operation) {
      const auto which = static_cast<std::size_t>(operation);
      apply(
          pixels, draws, [&](const Draws& d) { return d.jitter && d.order[place] == operation; },
          [&](const Draws& d) { return d.factors[which]; }, change[which]);
    }
  }
  apply(
      pixels, draws, [](const Draws& d) { return d.grey; }, [](const Draws&) { return 0.0; },
      [](const torch::Tensor& x, const std::vector<double>&) { return to_grey(x); });
  apply(
      pixels, draws, [](const Draws& d) { return d.blur; }, [](const Draws& d) { return d.radius; }, gaussian_blur);
}

torch::Tensor per_channel(const std::vector<float>& values, torch::Device device) {
  return torch::tensor(values).view({1, -1, 1, 1}).to(device);
}

}  // namespace

bool has_colours(const Samples& samples) {
  return samples.pixel_type() == PixelType::u8 && (samples.channels() == 1 || samples.channels() == 3);
}

Batch coloured_view(const Samples& samples, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                    int view, const ColourChange& change) {
  Batch batch = samples.augmented(positions, seed, epoch, view);
  if (!has_colours(samples)) return batch;
  std::vector<Draws> draws;
  for (const std::int64_t position : positions) {
    // Geometry's draws of this view have the number `view` in the same place (Samples::augmented).
    const auto numbered = static_cast<std::uint64_t>(view) | 0x80;
    draws.push_back(draws_of(change, Random(seed, static_cast<std::uint64_t>(epoch) << 40 | numbered << 32 |
                                                      static_cast<std::uint64_t>(position))));
  }
  // The flips have been made already: no operation here tells left from right or top from bottom.
  const torch::Tensor mean = per_channel(samples.normalisation().mean, batch.images.device());
  const torch::Tensor deviation = per_channel(samples.normalisation().std, batch.images.device());
  torch::Tensor pixels = batch.images.mul_(deviation).add_(mean).mul_(255).round_().clamp_(0, 255);
  change_colours(pixels, draws);
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

}  // namespace scant
