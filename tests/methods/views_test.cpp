// Views: what an image's colours depend on, and which images have colours to change.
#include "harness/learn/views.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "harness/learn/backbone.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

template <class T>
Samples samples_of(PixelType type, int channels) {
  auto bank = std::make_shared<ImageBank>(test::striped_bank<T>(type, channels, 2, 6, 12, 12));
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
