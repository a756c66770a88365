// Views a second on one thread: the SimCLR pair and the multi-crop at 32 pixels, the SimCLR pair at 224; and the pair
// at 32 as image libraries make it, one image and one operation at a time on bytes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "harness/data/resize.hpp"
#include "harness/learn/recipes.hpp"
#include "harness/learn/session.hpp"
#include "harness/learn/views.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

constexpr int batch_size = 256;

Samples samples_of(int side) {
  auto bank = std::make_shared<const ImageBank>(
      test::striped_bank<std::uint8_t>(PixelType::u8, 3, 4, batch_size / 4, side, side));
  std::vector<std::int64_t> indices(static_cast<std::size_t>(bank->size()));
  std::iota(indices.begin(), indices.end(), 0);
  return {bank, indices, {}, normalisation_of(*bank, indices, {}), torch::kCPU};
}

void views(benchmark::State& state, const std::string& recipe, int side, const ColourRules* rules = nullptr) {
  set_compute_threads(1);
  const Samples samples = samples_of(side);
  std::vector<ViewRecipe> recipes = view_recipes(recipe, side);
  for (ViewRecipe& view : recipes) {
    if (rules != nullptr) view.colour.rules = *rules;
  }
  int epoch = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(views_of(samples, samples.order(1, epoch), 2, epoch, recipes).images);
    ++epoch;
  }
  state.SetItemsProcessed(state.iterations() * samples.size());  // images, not views
}

void simclr_pair_32(benchmark::State& state) {
  views(state, "simclr", 32);
}
BENCHMARK(simclr_pair_32)->Unit(benchmark::kMillisecond);

/// The same geometry with Pillow's colours.
void simclr_pair_32_pillow_rules(benchmark::State& state) {
  const ColourRules rules = ColourRules::pillow;
  views(state, "simclr", 32, &rules);
}
BENCHMARK(simclr_pair_32_pillow_rules)->Unit(benchmark::kMillisecond);

void multi_crop_32(benchmark::State& state) {
  views(state, "swav", 32);
}
BENCHMARK(multi_crop_32)->Unit(benchmark::kMillisecond);

void simclr_pair_224(benchmark::State& state) {
  views(state, "simclr", 224);
}
BENCHMARK(simclr_pair_224)->Unit(benchmark::kMillisecond);

/// Geometry alone.
void crops_32(benchmark::State& state) {
  set_compute_threads(1);
  const Samples samples = samples_of(32);
  const std::vector<ViewRecipe> recipes = view_recipes("simclr", 32);
  int epoch = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(samples.crops(samples.order(1, epoch), 2, epoch, 0, recipes));
    ++epoch;
  }
  state.SetItemsProcessed(state.iterations() * samples.size());
}
BENCHMARK(crops_32)->Unit(benchmark::kMillisecond);

/// One image on bytes: planes of red, green and blue.
class ByteImage {
 public:
  explicit ByteImage(std::vector<std::uint8_t> planes) : planes_(std::move(planes)), area_(planes_.size() / 3) {}

  void blend_with_constant(double constant, double factor) {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < 256; ++i) table[i] = byte(constant + factor * (static_cast<double>(i) - constant));
    for (std::uint8_t& value : planes_) value = table[value];
  }
  void blend_with_grey(double factor) {
    for (std::size_t i = 0; i < area_; ++i) {
      const double grey = level(i);
      for (std::size_t c = 0; c < 3; ++c) at(c, i) = byte(grey + factor * (at(c, i) - grey));
    }
  }
  void turn_hue(float turn) {
    for (std::size_t i = 0; i < area_; ++i) {
      const float r = at(0, i), g = at(1, i), b = at(2, i);
      const float most = std::max({r, g, b}), range = most - std::min({r, g, b});
      if (range == 0) continue;
      float h = r == most ? (g - b) / range : g == most ? 2 + (b - r) / range : 4 + (r - g) / range;
      h = h / 6 + turn;
      h = (h - std::floor(h)) * 6;
      for (std::size_t c = 0; c < 3; ++c) {
        const float place = std::fmod(h + (c == 0 ? 5.0F : c == 1 ? 3.0F : 1.0F), 6.0F);
        at(c, i) = byte(most - range * std::clamp(std::min(place, 4 - place), 0.0F, 1.0F));
      }
    }
  }
  double mean_level() const {
    double sum = 0;
    for (std::size_t i = 0; i < area_; ++i) sum += level(i);
    return sum / static_cast<double>(area_);
  }
  void normalise_into(const Normalisation& normalisation, float* out) const {
    for (std::size_t k = 0; k < planes_.size(); ++k) {
      *out++ = (static_cast<float>(planes_[k]) / 255 - normalisation.mean[k / area_]) / normalisation.std[k / area_];
    }
  }

 private:
  std::uint8_t& at(std::size_t c, std::size_t i) { return planes_[c * area_ + i]; }
  double level(std::size_t i) const {
    return 0.299 * planes_[i] + 0.587 * planes_[area_ + i] + 0.114 * planes_[2 * area_ + i];
  }
  static std::uint8_t byte(double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)); }

  std::vector<std::uint8_t> planes_;
  std::size_t area_;
};

/// The SimCLR pair as image libraries make it, without their interpreter: one image and one operation at a time.
void simclr_pair_32_byte_images(benchmark::State& state) {
  constexpr int side = 32;
  const ImageBank bank = test::striped_bank<std::uint8_t>(PixelType::u8, 3, 4, batch_size / 4, side, side);
  const Samples samples = samples_of(side);
  const ViewRecipe recipe = view_recipes("simclr", side).front();
  Random random(1);
  std::vector<std::uint8_t> scratch;
  for (auto _ : state) {
    torch::Tensor images = torch::empty({2 * batch_size, 3, side, side});
    for (std::int64_t n = 0; n < 2 * batch_size; ++n) {
      const Box box = random_resized_crop(side, side, recipe.min_scale, recipe.max_scale, random);
      std::vector<std::uint8_t> planes(3 * side * side);
      resize_u8(bank.image<std::uint8_t>(n % batch_size), 3, side, side, box, side, side, planes.data(), scratch,
                Filter::bicubic);
      ByteImage image(std::move(planes));
      if (random.uniform() < recipe.colour.jitter) {
        std::vector<int> order{0, 1, 2, 3};
        random.shuffle(order);
        for (const int operation : order) {
          const double factor = random.uniform(1 - recipe.colour.brightness, 1 + recipe.colour.brightness);
          if (operation == 0) image.blend_with_constant(0, factor);
          if (operation == 1) image.blend_with_constant(image.mean_level(), factor);
          if (operation == 2) image.blend_with_grey(factor);
          if (operation == 3) image.turn_hue(static_cast<float>((factor - 1) / 4));
        }
      }
      if (random.uniform() < recipe.colour.grey) image.blend_with_grey(0);
      image.normalise_into(samples.normalisation(), images.data_ptr<float>() + n * 3 * side * side);
    }
    benchmark::DoNotOptimize(images);
  }
  state.SetItemsProcessed(state.iterations() * batch_size);
}
BENCHMARK(simclr_pair_32_byte_images)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scant
