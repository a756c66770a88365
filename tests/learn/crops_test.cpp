// Geometry of contrastive views, and the range of values that they are computed in.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "harness/learn/augment.hpp"
#include "harness/learn/batches.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

Samples samples_of(ImageBank bank, const Augment& augment = {}) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(bank.size()));
  std::iota(indices.begin(), indices.end(), 0);
  const auto n = static_cast<std::size_t>(bank.channels);
  return {std::make_shared<const ImageBank>(std::move(bank)),
          indices,
          augment,
          {std::vector<float>(n, 0), std::vector<float>(n, 1)},
          torch::kCPU};
}

TEST(Oriented, TurnsAndFlipsLikeTorch) {
  const torch::Tensor image = torch::arange(3 * 4 * 6, torch::kFloat32).view({3, 4, 6});
  for (int turns = 0; turns < 4; ++turns) {
    for (const auto& [hflip, vflip] : {std::pair{false, false}, {true, false}, {false, true}, {true, true}}) {
      torch::Tensor want = image;
      if (hflip) want = want.flip({2});
      if (vflip) want = want.flip({1});
      want = torch::rot90(want, turns, {1, 2});
      torch::Tensor got = torch::empty(want.sizes());
      write_oriented(image.data_ptr<float>(), 3, 4, 6, {hflip, vflip, turns}, got.data_ptr<float>());
      EXPECT_TRUE(got.equal(want)) << turns << hflip << vflip;
    }
  }
}

TEST(Crops, AreCutResizedFlippedAndTurnedAsTheDrawsSay) {
  const ImageBank bank = test::striped_bank<std::uint8_t>(PixelType::u8, 2, 2, 6, 21, 33);
  const Samples samples = samples_of(bank, {.size = 10});
  ViewRecipe recipe{.size = 8, .min_scale = 0.1, .max_scale = 0.6, .bicubic = true, .vflip = 0.5};
  recipe.quarter_turns = true;
  for (const std::int64_t position : {0, 5, 11}) {
    Random random(8, std::uint64_t{4} << 40 | std::uint64_t{3} << 32 | static_cast<std::uint64_t>(position));
    const Box box = random_resized_crop(21, 33, 0.1, 0.6, random);
    std::vector<std::uint8_t> resized(2 * 64), scratch;
    resize_u8(bank.image<std::uint8_t>(position), 2, 21, 33, box, 8, 8, resized.data(), scratch, Filter::bicubic);
    torch::Tensor want = torch::tensor(std::vector<float>(resized.begin(), resized.end())).view({2, 8, 8});
    if (random.uniform() < 0.5) want = want.flip({2});
    if (random.uniform() < 0.5) want = want.flip({1});
    want = torch::rot90(want, static_cast<std::int64_t>(random.below(4)), {1, 2});
    EXPECT_TRUE(samples.crops({position}, 8, 4, 3, {recipe})[0].equal(want)) << position;
  }
}

TEST(Crops, AreStackedViewByView) {
  const Samples samples = samples_of(test::striped_bank<float>(PixelType::f32, 5, 2, 6, 9, 9));
  const ViewRecipe wide{.min_scale = 0.5}, narrow{.max_scale = 0.4};
  const torch::Tensor both = samples.crops({3, 1, 4}, 5, 0, 2, {wide, narrow});
  EXPECT_EQ(both.sizes(), (std::vector<std::int64_t>{6, 5, 9, 9}));
  EXPECT_TRUE(both.narrow(0, 0, 3).equal(samples.crops({3, 1, 4}, 5, 0, 2, {wide})));
  EXPECT_TRUE(both.narrow(0, 3, 3).equal(samples.crops({3, 1, 4}, 5, 0, 3, {narrow})));
  EXPECT_THROW(samples.crops({0}, 5, 0, 0, {wide, {.size = 4}}), std::invalid_argument);
  EXPECT_THROW(samples.crops({12}, 5, 0, 0, {wide}), std::out_of_range);
}

TEST(ValueRange, OfColoursIsTheirScaleOfOthersTheirQuantiles) {
  const ValueRange colours = samples_of(test::striped_bank<std::uint8_t>(PixelType::u8, 3, 2, 6, 9, 9)).value_range();
  EXPECT_EQ(colours.low, std::vector<float>(3, 0));
  EXPECT_EQ(colours.high, std::vector<float>(3, 255));
  // Band b holds b, b + 1, ..., b + 100; the last band is constant.
  BankBuilder builder(PixelType::f32, 3);
  std::vector<float> image;
  for (int band = 0; band < 2; ++band) {
    for (int i = 0; i <= 100; ++i) image.push_back(static_cast<float>(band + i));
  }
  image.resize(image.size() + 101, 7);
  builder.add(std::as_bytes(std::span(image)), 1, 101, 0);
  const ImageBank bank = builder.finish();
  const Samples raster({std::make_shared<const ImageBank>(bank)}, {0}, {.size = 4},
                       {std::vector<float>(3, 0), std::vector<float>(3, 1)}, torch::kCPU);
  EXPECT_EQ(raster.value_range().low, (std::vector<float>{1, 2, 7}));
  EXPECT_EQ(raster.value_range().high, (std::vector<float>{99, 100, 8}));
}

}  // namespace
}  // namespace scant
