// Batches: geometry against a plain reading of the rules, statistics against golden values, and independence of what
// shares a batch.
#include "harness/learn/batches.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <set>

#include "harness/core/json.hpp"
#include "harness/data/resize.hpp"
#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

using test::striped_bank;

std::shared_ptr<const ImageBank> share(ImageBank bank) {
  return std::make_shared<const ImageBank>(std::move(bank));
}

std::vector<std::int64_t> all_of(const ImageBank& bank) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(bank.size()));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

Normalisation identity(int channels) {
  const auto n = static_cast<std::size_t>(channels);
  return {std::vector<float>(n, 0.0f), std::vector<float>(n, 1.0f)};
}

/// The substream that augmented() documents by its key.
Random draws(std::uint64_t seed, int epoch, std::int64_t position, int view) {
  return Random(seed, static_cast<std::uint64_t>(epoch) << 40 | static_cast<std::uint64_t>(view) << 32 |
                          static_cast<std::uint64_t>(position));
}

int reflect_101(int x, int size) {
  if (x < 0) return -x;
  return x >= size ? 2 * size - 2 - x : x;
}

bool same_bits(const torch::Tensor& a, const torch::Tensor& b) {
  return torch::equal(a, b);
}

TEST(Batches, ShiftReflectsAndFlipsAsTheDrawsSay) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 3, 2, 20, 9, 9));
  const Augment augment{.kind = Augment::Kind::shift, .pad = 4, .hflip = true, .vflip = true};
  const Normalisation normalisation{{0.3f, 0.4f, 0.5f}, {0.2f, 0.25f, 0.5f}};
  const Samples samples(bank, all_of(*bank), augment, normalisation, torch::kCPU);
  std::vector<std::int64_t> positions = {7, 3, 39, 0, 21};
  const Batch batch = samples.augmented(positions, 11, 5, 2);
  const auto pixels = batch.images.accessor<float, 4>();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    Random random = draws(11, 5, positions[i], 2);
    const int top = static_cast<int>(random.below(9)) - 4, left = static_cast<int>(random.below(9)) - 4;
    const bool hflip = random.uniform() < 0.5, vflip = random.uniform() < 0.5;
    const std::uint8_t* image = bank->image<std::uint8_t>(positions[i]);
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 9; ++x) {
          const int row = reflect_101(top + (vflip ? 8 - y : y), 9),
                    column = reflect_101(left + (hflip ? 8 - x : x), 9);
          const double value = image[(c * 9 + row) * 9 + column] / 255.0;
          const auto channel = static_cast<std::size_t>(c);
          ASSERT_NEAR(pixels[static_cast<long>(i)][c][y][x],
                      (value - normalisation.mean[channel]) / normalisation.std[channel], 1e-5)
              << i << ' ' << c << ' ' << y << ' ' << x;
        }
      }
    }
    EXPECT_EQ(batch.indices[i], positions[i]);
    EXPECT_EQ(batch.labels[static_cast<long>(i)].item<std::int64_t>(), positions[i] % 2);
  }
}

TEST(Batches, AnImageDoesNotDependOnItsBatch) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 3, 2, 20, 16, 16));
  for (const Augment& augment :
       {Augment{.kind = Augment::Kind::shift, .pad = 4, .hflip = true},
        Augment{.kind = Augment::Kind::resized_crop, .size = 8, .min_scale = 0.4, .hflip = true, .vflip = true},
        Augment{.kind = Augment::Kind::shift, .pad = 2, .size = 10}}) {
    const Samples samples(bank, all_of(*bank), augment, identity(3), torch::kCPU);
    const Batch together = samples.augmented({4, 5, 6, 7}, 3, 1);
    const Batch alone = samples.augmented({6}, 3, 1);
    EXPECT_TRUE(same_bits(together.images[2], alone.images[0]));
    EXPECT_FALSE(same_bits(samples.augmented({6}, 3, 2).images, alone.images) &&
                 same_bits(samples.augmented({6}, 3, 3).images, alone.images));
    EXPECT_FALSE(same_bits(samples.augmented({6}, 3, 1, 1).images, alone.images) &&
                 same_bits(samples.augmented({6}, 3, 1, 2).images, alone.images));
    EXPECT_FALSE(same_bits(samples.augmented({6}, 4, 1).images, alone.images) &&
                 same_bits(samples.augmented({6}, 5, 1).images, alone.images));
  }
}

TEST(Batches, ThreadsDoNotChangeBits) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 3, 2, 20, 40, 30));
  const Augment augment{.kind = Augment::Kind::resized_crop, .size = 16, .min_scale = 0.4, .hflip = true};
  const Samples samples(bank, all_of(*bank), augment, identity(3), torch::kCPU);
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const Batch one = samples.augmented(all_of(*bank), 3, 1);
  at::set_num_threads(2);
  const Batch two = samples.augmented(all_of(*bank), 3, 1);
  at::set_num_threads(before);
  EXPECT_TRUE(same_bits(one.images, two.images));
}

TEST(Batches, ResizedCropIsCropResizeFlip) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 1, 2, 10, 21, 33));
  const Augment augment{.kind = Augment::Kind::resized_crop, .size = 8, .min_scale = 0.2, .hflip = true, .vflip = true};
  const Samples samples(bank, all_of(*bank), augment, identity(1), torch::kCPU);
  EXPECT_EQ(samples.side(), 8);
  for (const std::int64_t position : {0, 5, 11, 19}) {
    Random random = draws(8, 0, position, 0);
    const Box box = random_resized_crop(21, 33, 0.2, 1.0, random);
    const bool hflip = random.uniform() < 0.5, vflip = random.uniform() < 0.5;
    std::vector<std::uint8_t> resized(64), scratch;
    resize_u8(bank->image<std::uint8_t>(position), 1, 21, 33, box, 8, 8, resized.data(), scratch);
    const torch::Tensor got = samples.augmented({position}, 8, 0).images[0][0];
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const int from = (vflip ? 7 - y : y) * 8 + (hflip ? 7 - x : x);
        ASSERT_NEAR(got[y][x].item<float>(), resized[static_cast<std::size_t>(from)] / 255.0, 1e-6);
      }
    }
  }
}

TEST(Batches, SixteenBitAndFloatBanksKeepRawUnits) {
  const auto wide = share(striped_bank<std::uint16_t>(PixelType::u16, 4, 2, 4, 8, 8));
  const auto real = share(striped_bank<float>(PixelType::f32, 4, 2, 4, 8, 8));
  const Augment shift{.kind = Augment::Kind::shift, .pad = 2, .hflip = true};
  const Samples a(wide, all_of(*wide), shift, identity(4), torch::kCPU);
  const Samples b(real, all_of(*real), shift, identity(4), torch::kCPU);
  EXPECT_TRUE(same_bits(a.augmented({1, 2, 3}, 5, 0).images, b.augmented({1, 2, 3}, 5, 0).images));
  EXPECT_GE(a.plain(0, 1).images.max().item<float>(), 60.0f);
  const Augment crop{.kind = Augment::Kind::resized_crop, .size = 5, .min_scale = 0.5};
  const Samples c(wide, all_of(*wide), crop, identity(4), torch::kCPU);
  const Samples d(real, all_of(*real), crop, identity(4), torch::kCPU);
  EXPECT_TRUE(same_bits(c.augmented({1, 2, 3}, 5, 0).images, d.augmented({1, 2, 3}, 5, 0).images));
}

TEST(Batches, PlainFollowsThePositions) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 3, 3, 5, 6, 6));
  const Samples samples(bank, {9, 4, 2, 14}, {}, identity(3), torch::kCPU);
  const Batch batch = samples.plain(1, 4);
  EXPECT_EQ(batch.indices, (std::vector<std::int64_t>{4, 2, 14}));
  EXPECT_EQ(batch.labels[2].item<std::int64_t>(), 14 % 3);
  EXPECT_NEAR(batch.images[1][0][0][0].item<float>(), bank->image<std::uint8_t>(2)[0] / 255.0, 1e-6);
  EXPECT_EQ(samples.plain(2, 2).images.size(0), 0);
  EXPECT_THROW(samples.plain(0, 5), std::out_of_range);
  EXPECT_THROW(samples.augmented({4}, 0, 0), std::out_of_range);
}

TEST(Batches, OrderIsAPermutationOfTheSeedAndEpoch) {
  const auto bank = share(striped_bank<std::uint8_t>(PixelType::u8, 1, 2, 25, 4, 4));
  const Samples samples(bank, all_of(*bank), {}, identity(1), torch::kCPU);
  const auto order = samples.order(1, 0);
  EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size(), 50u);
  EXPECT_EQ(*std::max_element(order.begin(), order.end()), 49);
  EXPECT_EQ(order, samples.order(1, 0));
  EXPECT_NE(order, samples.order(1, 1));
  EXPECT_NE(order, samples.order(2, 0));
}

TEST(Batches, FlipsAndOffsetsAreUniform) {
  // An image whose every pixel is its own number shows where its centre went.
  std::vector<std::uint8_t> ramp(25);
  std::iota(ramp.begin(), ramp.end(), std::uint8_t{0});
  BankBuilder builder(PixelType::u8, 1);
  builder.add(std::as_bytes(std::span(ramp)), 5, 5, 0);
  const auto one = share(builder.finish());
  const Augment augment{.kind = Augment::Kind::shift, .pad = 2, .hflip = true};
  const Samples samples(one, {0}, augment, identity(1), torch::kCPU);
  std::vector<int> centres(25, 0);
  int flipped = 0;
  constexpr int draws = 4000;
  for (int epoch = 0; epoch < draws; ++epoch) {
    const torch::Tensor image = samples.augmented({0}, 77, epoch).images[0][0] * 255;
    ++centres[static_cast<std::size_t>(std::lround(image[2][2].item<float>()))];
  }
  for (int value = 0; value < 25; ++value) {
    // Binomial with p = 1/25: mean 160, deviation 12.4; five deviations.
    EXPECT_NEAR(centres[static_cast<std::size_t>(value)], draws / 25.0, 62) << value;
  }
  const Augment flips{.kind = Augment::Kind::none, .hflip = true};
  const Samples only_flips(one, {0}, flips, identity(1), torch::kCPU);
  for (int epoch = 0; epoch < 1000; ++epoch) {
    flipped += only_flips.augmented({0}, 78, epoch).images[0][0][0][0].item<float>() > 0;
  }
  EXPECT_NEAR(flipped, 500, 80);
}

TEST(Batches, RefusesWhatCannotShareABatch) {
  BankBuilder builder(PixelType::u8, 1);
  const std::vector<std::byte> pixels(36);
  builder.add(std::span(pixels).first(16), 4, 4, 0);
  builder.add(pixels, 6, 6, 1);
  const auto ragged = share(builder.finish());
  EXPECT_THROW(Samples(ragged, {0, 1}, {}, identity(1), torch::kCPU), InputError);
  EXPECT_NO_THROW(Samples(ragged, {1}, {}, identity(1), torch::kCPU));
  EXPECT_THROW(Samples(ragged, {0}, {.kind = Augment::Kind::shift, .pad = 4}, identity(1), torch::kCPU), InputError);
  EXPECT_THROW(Samples(ragged, {0}, {.kind = Augment::Kind::resized_crop}, identity(1), torch::kCPU), InputError);
  EXPECT_THROW(Samples(ragged, {0}, {}, identity(3), torch::kCPU), InputError);
  const Samples sized(ragged, {0, 1}, {.size = 5}, identity(1), torch::kCPU);
  EXPECT_EQ(sized.plain(0, 2).images.sizes().vec(), (std::vector<std::int64_t>{2, 1, 5, 5}));
}

TEST(Batches, ShiftedCropMovesOverTheWholeResizedImage) {
  // Shorter side to 6 + 2 * 1 = 8: 8 x 16 stays as it is, and the crop's left edge runs over 0..10.
  const auto bank = share(striped_bank<float>(PixelType::f32, 1, 1, 1, 8, 16));
  const Augment augment{.kind = Augment::Kind::shift, .pad = 1, .size = 6};
  const Samples samples(bank, {0}, augment, identity(1), torch::kCPU);
  std::set<float> corners;
  for (int epoch = 0; epoch < 600; ++epoch)
    corners.insert(samples.augmented({0}, 9, epoch).images.flatten()[0].item<float>());
  std::set<float> expected;
  for (int y = 0; y <= 2; ++y) {
    for (int x = 0; x <= 10; ++x) expected.insert(bank->image<float>(0)[y * 16 + x]);
  }
  EXPECT_EQ(corners, expected);
}

TEST(Normalisation, ConstantChannelIsDividedByOne) {
  BankBuilder builder(PixelType::f32, 2);
  const std::vector<float> image = {5, 5, 5, 5, 1, 2, 3, 4};
  builder.add(std::as_bytes(std::span(image)), 2, 2, 0);
  const ImageBank bank = builder.finish();
  const Normalisation result = normalisation_of(bank, {0}, {});
  EXPECT_FLOAT_EQ(result.mean[0], 5);
  EXPECT_FLOAT_EQ(result.std[0], 1);
  EXPECT_FLOAT_EQ(result.mean[1], 2.5);
  EXPECT_FLOAT_EQ(result.std[1], std::sqrt(1.25f));
  EXPECT_THROW(normalisation_of(bank, {}, {}), InputError);
}

TEST(Normalisation, UsesOnlyTheGivenImages) {
  const ImageBank bank = striped_bank<std::uint8_t>(PixelType::u8, 1, 2, 3, 4, 4);
  double sum = 0, squares = 0;
  for (const int i : {1, 4}) {
    for (int p = 0; p < 16; ++p) sum += bank.image<std::uint8_t>(i)[p] / 255.0;
  }
  const double mean = sum / 32;
  for (const int i : {1, 4}) {
    for (int p = 0; p < 16; ++p) squares += std::pow(bank.image<std::uint8_t>(i)[p] / 255.0 - mean, 2);
  }
  const Normalisation result = normalisation_of(bank, {1, 4}, {});
  EXPECT_NEAR(result.mean[0], mean, 1e-7);
  EXPECT_NEAR(result.std[0], std::sqrt(squares / 32), 1e-7);
}

class GoldenNormalisation : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path file = std::filesystem::path(SCANT_GOLDEN) / "gem/transforms_normalisation.json";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is absent";
    golden_ = read_json(file);
  }

  const Json& inputs(const std::string& name) const { return find(name).at("inputs"); }
  const Json& expected(const std::string& name) const { return find(name).at("expected"); }
  const Json& find(const std::string& name) const {
    for (const Json& entry : golden_.at("cases")) {
      if (entry.at("case").get<std::string>().starts_with(name)) return entry;
    }
    throw std::runtime_error("no case " + name);
  }

  /// A bank of nested H x W x C lists.
  template <class T>
  static std::shared_ptr<const ImageBank> bank_of(const Json& images, PixelType type) {
    const auto channels = images[0][0][0].size();
    BankBuilder builder(type, static_cast<int>(channels));
    for (const Json& image : images) {
      std::vector<T> planar;
      for (std::size_t c = 0; c < channels; ++c) {
        for (const Json& row : image) {
          for (const Json& pixel : row) planar.push_back(pixel[c].get<T>());
        }
      }
      builder.add(std::as_bytes(std::span(planar)), static_cast<int>(image.size()), static_cast<int>(image[0].size()),
                  0);
    }
    return share(builder.finish());
  }

  static void expect_statistics(const Normalisation& got, const Json& expected) {
    for (std::size_t c = 0; c < got.mean.size(); ++c) {
      const double mean = expected["mean"][c], deviation = expected["std"][c];
      EXPECT_NEAR(got.mean[c], mean, 2e-5 + 1e-5 * std::abs(mean));
      EXPECT_NEAR(got.std[c], deviation, 2e-5 + 1e-5 * std::abs(deviation));
    }
  }

  static void expect_tensor(const torch::Tensor& got, const Json& expected) {
    ASSERT_EQ(got.size(0), static_cast<long>(expected.size()));
    for (long c = 0; c < got.size(0); ++c) {
      for (long y = 0; y < got.size(1); ++y) {
        for (long x = 0; x < got.size(2); ++x) {
          const double value =
              expected[static_cast<std::size_t>(c)][static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
          EXPECT_NEAR(got[c][y][x].item<double>(), value, 2e-5 + 1e-5 * std::abs(value)) << c << ' ' << y << ' ' << x;
        }
      }
    }
  }

  Json golden_;
};

TEST_F(GoldenNormalisation, Statistics) {
  const auto sized = bank_of<std::uint8_t>(inputs("mean_std_pil_target_size_8")["images"], PixelType::u8);
  expect_statistics(normalisation_of(*sized, all_of(*sized), {.size = 8}), expected("mean_std_pil_target_size_8"));
  const auto as_is = bank_of<std::uint8_t>(inputs("mean_std_pil_no_resize")["images"], PixelType::u8);
  expect_statistics(normalisation_of(*as_is, all_of(*as_is), {}), expected("mean_std_pil_no_resize"));
  const auto bands = bank_of<float>(inputs("mean_std_float_multiband")["images_HWC"], PixelType::f32);
  expect_statistics(normalisation_of(*bands, all_of(*bands), {}), expected("mean_std_float_multiband"));
}

TEST_F(GoldenNormalisation, TestPipelines) {
  const auto sized = bank_of<std::uint8_t>(inputs("mean_std_pil_target_size_8")["images"], PixelType::u8);
  const Augment crop{.kind = Augment::Kind::resized_crop, .size = 8};
  const Samples plain(sized, all_of(*sized), crop, normalisation_of(*sized, all_of(*sized), crop), torch::kCPU);
  expect_tensor(plain.plain(1, 2).images[0], expected("test_transform_pil_target8")["tensor_CHW"]);
  const Augment shift{.kind = Augment::Kind::shift, .pad = 2, .size = 8};
  const Samples shifted(sized, all_of(*sized), shift, normalisation_of(*sized, all_of(*sized), shift), torch::kCPU);
  expect_tensor(shifted.plain(2, 3).images[0], expected("test_transform_pil_target8_shift2")["tensor_CHW"]);
  const auto bands = bank_of<float>(inputs("mean_std_float_multiband")["images_HWC"], PixelType::f32);
  const Samples raw(bands, all_of(*bands), {}, normalisation_of(*bands, all_of(*bands), {}), torch::kCPU);
  expect_tensor(raw.plain(3, 4).images[0], expected("test_transform_multiband")["tensor_CHW"]);
}

}  // namespace
}  // namespace scant
