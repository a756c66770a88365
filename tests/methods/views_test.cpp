// Views: what an image's colours depend on, and which images have colours to change.
#include "harness/learn/views.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "harness/core/error.hpp"
#include "harness/learn/backbone.hpp"
#include "harness/learn/recipes.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

template <class T>
Samples samples_of(PixelType type, int channels, int side = 12) {
  auto bank = std::make_shared<ImageBank>(test::striped_bank<T>(type, channels, 2, 6, side, side));
  std::vector<std::int64_t> indices(12);
  std::iota(indices.begin(), indices.end(), 0);
  Augment augment;
  augment.kind = Augment::Kind::shift;
  augment.pad = 2;
  augment.hflip = true;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

TEST(Views, AnImagesViewDoesNotDependOnItsBatch) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3);
  const Batch all = coloured_view(samples, {0, 1, 2, 3, 4, 5, 6, 7}, 5, 3, 1, {});
  for (std::int64_t i = 0; i < 8; ++i) {
    EXPECT_TRUE(coloured_view(samples, {i}, 5, 3, 1, {}).images[0].equal(all.images[i])) << i;
  }
}

TEST(Views, DifferBetweenViewsEpochsAndSeeds) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3);
  const ColourChange always{.jitter = 1};
  const torch::Tensor one = coloured_view(samples, {0, 1}, 5, 3, 0, always).images;
  EXPECT_FALSE(coloured_view(samples, {0, 1}, 5, 3, 1, always).images.equal(one));
  EXPECT_FALSE(coloured_view(samples, {0, 1}, 5, 4, 0, always).images.equal(one));
  EXPECT_FALSE(coloured_view(samples, {0, 1}, 6, 3, 0, always).images.equal(one));
}

TEST(Views, AreStackedViewByView) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 1);
  const Batch both = stacked_views(samples, {3, 1, 4}, 5, 0, 2, {});
  ASSERT_EQ(both.images.size(0), 6);
  EXPECT_EQ(both.labels.size(0), 3);
  EXPECT_EQ(both.indices.size(), 3U);
  for (int view = 0; view < 2; ++view) {
    EXPECT_TRUE(both.images.narrow(0, 3 * view, 3).equal(coloured_view(samples, {3, 1, 4}, 5, 0, view, {}).images));
  }
}

TEST(Views, WithoutColourChangeAreTheGeometryAlone) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3);
  const ColourChange none{.jitter = 0, .grey = 0, .blur = 0};
  const torch::Tensor plain = samples.augmented({0, 5}, 5, 1, 1).images;
  EXPECT_TRUE(torch::allclose(coloured_view(samples, {0, 5}, 5, 1, 1, none).images, plain, 1e-4, 1e-5));
}

TEST(Views, OnlyEightBitImagesOfOneOrThreeChannelsHaveColours) {
  EXPECT_TRUE(samples_of<std::uint8_t>(PixelType::u8, 1).has_colours());
  EXPECT_FALSE(samples_of<std::uint8_t>(PixelType::u8, 4).has_colours());
  const Samples bands = samples_of<float>(PixelType::f32, 3);
  EXPECT_FALSE(bands.has_colours());
  EXPECT_TRUE(coloured_view(bands, {2, 3}, 5, 1, 1, {}).images.equal(bands.augmented({2, 3}, 5, 1, 1).images));
}

/// What every recipe gives for a few images, in one tensor.
torch::Tensor all_views(const Samples& samples, const std::vector<std::int64_t>& positions, const std::string& name,
                        std::uint64_t seed = 5, int epoch = 3) {
  const Batch batch = views_of(samples, positions, seed, epoch, view_recipes(name, samples.side()));
  const torch::Tensor all = batch.images.flatten();
  return batch.local.defined() ? torch::cat({all, batch.local.flatten()}) : all;
}

TEST(Recipes, ViewsDependOnSeedEpochPositionAndViewAlone) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3, 40);
  const int before = at::get_num_threads();
  for (const std::string& name : recipe_names()) {
    const auto recipes = view_recipes(name, samples.side());
    at::set_num_threads(1);
    const Batch all = views_of(samples, {0, 1, 2, 3, 4, 5, 6}, 5, 3, recipes);
    const torch::Tensor once = all_views(samples, {0, 1, 2, 3, 4, 5, 6}, name);
    at::set_num_threads(3);
    EXPECT_TRUE(all_views(samples, {0, 1, 2, 3, 4, 5, 6}, name).equal(once)) << name;
    at::set_num_threads(before);
    const Batch some = views_of(samples, {4, 2}, 5, 3, recipes);
    const std::int64_t views = all.images.size(0) / 7;
    for (std::int64_t view = 0; view < views; ++view) {
      EXPECT_TRUE(some.images[view * 2].equal(all.images[view * 7 + 4])) << name;
      EXPECT_TRUE(some.images[view * 2 + 1].equal(all.images[view * 7 + 2])) << name;
    }
    for (std::int64_t view = 0; all.local.defined() && view < all.local.size(0) / 7; ++view) {
      EXPECT_TRUE(some.local[view * 2].equal(all.local[view * 7 + 4])) << name;
    }
    EXPECT_FALSE(all_views(samples, {0, 1, 2}, name).equal(all_views(samples, {0, 1, 2}, name, 6))) << name;
    EXPECT_FALSE(all_views(samples, {0, 1, 2}, name).equal(all_views(samples, {0, 1, 2}, name, 5, 4))) << name;
    if (views > 1) {
      EXPECT_FALSE(all.images.narrow(0, 0, 7).equal(all.images.narrow(0, 7, 7))) << name;
    }
    EXPECT_TRUE(all.images.isfinite().all().item<bool>()) << name;
  }
}

TEST(Recipes, MultiCropHasLargeAndSmallViews) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3, 32);
  const Batch swav = views_of(samples, {3, 1, 4}, 5, 0, view_recipes("swav", 32));
  EXPECT_EQ(swav.images.sizes(), (std::vector<std::int64_t>{2 * 3, 3, 32, 32}));
  EXPECT_EQ(swav.local.sizes(), (std::vector<std::int64_t>{6 * 3, 3, 18, 18}));
  EXPECT_EQ(swav.labels.size(0), 3);
  EXPECT_EQ(swav.indices, (std::vector<std::int64_t>{3, 1, 4}));
  const Batch trex = views_of(samples, {3, 1, 4}, 5, 0, view_recipes("trex-star", 32));
  EXPECT_EQ(trex.images.size(0), 1 * 3);
  EXPECT_EQ(trex.local.size(0), 8 * 3);
  EXPECT_FALSE(views_of(samples, {3}, 5, 0, view_recipes("byol", 32)).local.defined());
  EXPECT_EQ(view_recipes("swav", 224).back().size, 96);
  EXPECT_THROW(views_of(samples, {3}, 5, 0, {{}, {.size = 8}, {}}), std::invalid_argument);
}

TEST(Recipes, AdaptToStrengthAndSize) {
  EXPECT_EQ(view_recipes("simclr", 32)[0].colour.blur, 0);
  EXPECT_DOUBLE_EQ(view_recipes("simclr", 32)[0].colour.brightness, 0.4);
  EXPECT_EQ(view_recipes("simclr", 224)[0].colour.blur, 0.5);
  EXPECT_DOUBLE_EQ(view_recipes("simclr", 224, 0.5)[1].colour.hue, 0.1);
  EXPECT_EQ(view_recipes("byol", 224)[0].colour.blur, 1);
  EXPECT_EQ(view_recipes("byol", 224)[1].colour.blur, 0.1);
  EXPECT_EQ(view_recipes("byol", 32)[1].colour.solarise, 0.2);
  EXPECT_THROW(view_recipes("sim-clr", 32), InputError);
}

/// A crop that is the whole image, upright, with the colours given.
ViewRecipe whole(const ColourChange& colour) {
  ViewRecipe recipe{.min_scale = 1, .hflip = 0};
  recipe.colour = colour;
  return recipe;
}

TEST(Views, NormaliseWhatTheColoursLeave) {
  const ColourChange none{.jitter = 0, .grey = 0, .blur = 0};
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3);
  const Samples raster = samples_of<std::uint16_t>(PixelType::u16, 13);
  for (const ColourRules rules : {ColourRules::pillow, ColourRules::torchvision, ColourRules::byol}) {
    ColourChange colour = none;
    colour.rules = rules;
    EXPECT_TRUE(torch::allclose(views_of(samples, {0, 1, 2}, 5, 1, {whole(colour)}).images, samples.plain(0, 3).images,
                                1e-4, 1e-4));
  }
  EXPECT_TRUE(
      torch::allclose(views_of(raster, {0, 1, 2}, 5, 1, {whole(none)}).images, raster.plain(0, 3).images, 1e-4, 1e-4));
}

TEST(Views, ColoursComeBeforeNormalisation) {
  // What is inverted is told by the stored values; of normalised ones about half would be.
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3);
  const ColourChange change{.jitter = 0, .grey = 0, .blur = 0, .solarise = 1};
  const Batch batch = views_of(samples, {0, 1, 2}, 5, 1, {whole(change)});
  const Normalisation& n = samples.normalisation();
  for (int c = 0; c < 3; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    const torch::Tensor stored = samples.plain(0, 3).images.select(1, c) * n.std[channel] + n.mean[channel];
    const torch::Tensor got = batch.images.select(1, c) * n.std[channel] + n.mean[channel];
    EXPECT_TRUE(torch::allclose(got, torch::where(stored > 0.5, 1 - stored, stored), 1e-4, 1e-4));
  }
}

TEST(Views, RastersOfManyBandsAreChangedWithoutLimits) {
  const Samples raster = samples_of<std::uint16_t>(PixelType::u16, 13);
  const ColourChange bright{
      .jitter = 1, .brightness = 0.9, .contrast = 0, .saturation = 1, .hue = 0.5, .grey = 0, .blur = 0, .solarise = 1};
  const std::vector<std::int64_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const torch::Tensor got = views_of(raster, all, 5, 1, {whole(bright)}).images, plain = raster.plain(0, 12).images;
  bool beyond = false;
  for (std::int64_t i = 0; i < 12; ++i) {
    // In units of the value range an image is its own multiple: one factor for all bands, and nothing is cut off.
    double factor = 0;
    for (std::size_t band = 0; band < 13; ++band) {
      const auto b = static_cast<std::int64_t>(band);
      const double low = raster.value_range().low[band], width = raster.value_range().high[band] - low;
      const auto scaled = [&](const torch::Tensor& x) {
        return (x * raster.normalisation().std[band] + raster.normalisation().mean[band] - low) / width;
      };
      const torch::Tensor to = scaled(got[i][b]), from = scaled(plain[i][b]);
      if (band == 0) factor = (to * from).sum().item<double>() / (from * from).sum().item<double>();
      EXPECT_TRUE(torch::allclose(to, from * factor, 1e-3, 1e-3));
      beyond |= to.max().item<double>() > 1.2;
    }
  }
  EXPECT_TRUE(beyond);
  const ColourChange grey{.jitter = 0, .grey = 1, .blur = 0};
  const Batch level = views_of(raster, {0}, 5, 1, {whole(grey)});
  const auto stored = [&](std::size_t band) {
    const double low = raster.value_range().low[band], width = raster.value_range().high[band] - low;
    return (level.images[0][static_cast<std::int64_t>(band)] * raster.normalisation().std[band] +
            raster.normalisation().mean[band] - low) /
           width;
  };
  EXPECT_TRUE(torch::allclose(stored(0), stored(12), 1e-3, 1e-3));
}

TEST(Views, BlurFollowsEachViewsOwnProbability) {
  const Samples samples = samples_of<std::uint8_t>(PixelType::u8, 3, 40);
  const ColourChange none{.jitter = 0, .grey = 0, .blur = 0},
      blurred{.jitter = 0, .grey = 0, .blur = 1, .blur_min = 1.5};
  const Batch batch = views_of(samples, {0, 1, 2, 3}, 5, 1, {whole(blurred), whole(none)});
  const auto roughness = [](const torch::Tensor& x) { return (x.narrow(3, 1, 39) - x.narrow(3, 0, 39)).abs().mean(); };
  EXPECT_LT(2 * roughness(batch.images.narrow(0, 0, 4)).item<double>(),
            roughness(batch.images.narrow(0, 4, 4)).item<double>());
}

TEST(Views, OperationsOfFactorOneChangeNothing) {
  Random random(1);
  torch::Tensor pixels = torch::empty({2, 3, 5, 4});
  fill_uniform(pixels, 127, random);
  pixels.add_(128).floor_();
  const std::vector<double> ones{1, 1};
  EXPECT_TRUE(adjust_brightness(pixels, ones).equal(pixels));
  EXPECT_TRUE(adjust_contrast(pixels, ones).equal(pixels));
  EXPECT_TRUE(adjust_saturation(pixels, ones).equal(pixels));
  // Through 8-bit hue and saturation and back: not exact.
  EXPECT_LE((adjust_hue(pixels, {0, 0}) - pixels).abs().max().item<double>(), 8);
  const torch::Tensor flat = torch::full({1, 3, 6, 6}, 77.0F);
  EXPECT_TRUE(gaussian_blur(flat, {1.7}).equal(flat));
}

}  // namespace
}  // namespace scant
