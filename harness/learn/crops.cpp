// The geometry of contrastive views, and the range of stored values that their colours are computed in.
#include <algorithm>
#include <cmath>

#include "harness/learn/samples_state.hpp"

namespace scant {
namespace {

/// Values of one channel that quantiles are taken of: all, or every k-th of each image so that they are not many more.
constexpr std::int64_t enough = 1 << 20;

template <class T>
std::vector<float> values_of(const ImageBank& bank, const std::vector<std::int64_t>& indices, int channel,
                             std::int64_t step) {
  std::vector<float> values;
  for (const std::int64_t index : indices) {
    const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
    const std::int64_t area = static_cast<std::int64_t>(shape.height) * shape.width;
    const T* plane = bank.image<T>(index) + channel * area;
    for (std::int64_t i = 0; i < area; i += step) {
      const auto value = static_cast<float>(plane[i]);
      if (std::isfinite(value)) values.push_back(value);
    }
  }
  return values;
}

std::vector<float> values_of(const ImageBank& bank, const std::vector<std::int64_t>& indices, int channel,
                             std::int64_t step) {
  switch (bank.type) {
    case PixelType::u8:
      return values_of<std::uint8_t>(bank, indices, channel, step);
    case PixelType::u16:
      return values_of<std::uint16_t>(bank, indices, channel, step);
    case PixelType::f32:
      break;
  }
  return values_of<float>(bank, indices, channel, step);
}

/// The value below which a share of the others lies; `values` are reordered.
float quantile(std::vector<float>& values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

ValueRange quantiles(const ImageBank& bank, const std::vector<std::int64_t>& indices) {
  std::int64_t pixels = 0;
  for (const std::int64_t index : indices) {
    const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
    pixels += static_cast<std::int64_t>(shape.height) * shape.width;
  }
  // Odd, so that it does not stay in a few columns of images whose width is a power of two.
  const std::int64_t step = (pixels / enough) | 1;
  ValueRange range;
  for (int c = 0; c < bank.channels; ++c) {
    std::vector<float> values = values_of(bank, indices, c, step);
    const float low = values.empty() ? 0 : quantile(values, 0.01), high = values.empty() ? 1 : quantile(values, 0.99);
    range.low.push_back(low);
    range.high.push_back(high > low ? high : low + 1);  // a channel of one value keeps its unit
  }
  return range;
}

}  // namespace

const ValueRange& Samples::value_range() const {
  const State& state = *state_;
  std::call_once(state.range_once, [&] {
    const auto channels = static_cast<std::size_t>(state.bank->channels);
    state.range_ = state.has_colours() ? ValueRange{std::vector<float>(channels, 0), std::vector<float>(channels, 255)}
                                       : quantiles(*state.bank, state.indices);
  });
  return state.range_;
}

torch::Tensor Samples::crops(const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch, int first_view,
                             const std::vector<ViewRecipe>& recipes) const {
  const State& state = *state_;
  state.check(positions);
  const auto side_of = [&](const ViewRecipe& recipe) { return recipe.size > 0 ? recipe.size : state.side; };
  const int size = recipes.empty() ? state.side : side_of(recipes.front());
  for (const ViewRecipe& recipe : recipes) {
    if (side_of(recipe) != size) throw std::invalid_argument("views of several sizes cannot be stacked");
  }
  const auto count = static_cast<std::int64_t>(positions.size());
  auto write = [&](std::int64_t begin, std::int64_t end, float* pixels, std::int64_t stride) {
    ResizeScratch scratch;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t view = i / count, position = positions[static_cast<std::size_t>(i % count)];
      const ViewRecipe& recipe = recipes[static_cast<std::size_t>(view)];
      const std::int64_t index = state.indices[static_cast<std::size_t>(position)];
      const ImageShape& shape = state.bank->shapes[static_cast<std::size_t>(index)];
      Random random = draws_of(seed, epoch, position, first_view + static_cast<int>(view));
      const Box box = random_resized_crop(shape.height, shape.width, recipe.min_scale, recipe.max_scale, random);
      Orientation orientation;
      orientation.hflip = random.uniform() < recipe.hflip;
      orientation.vflip = random.uniform() < recipe.vflip;
      if (recipe.quarter_turns) orientation.turns = static_cast<int>(random.below(4));
      write_view(*state.bank, index, box, orientation, size, recipe.bicubic ? Filter::bicubic : Filter::bilinear,
                 pixels + i * stride, scratch);
    }
  };
  return state.assemble(count * static_cast<std::int64_t>(recipes.size()), size, write);
}

}  // namespace scant
