// Banks: building, saving, mapping, damage, and the test-time view.
#include "harness/data/bank.hpp"

#include <gmock/gmock.h>

#include <cstring>

#include "harness/data/resize.hpp"
#include "harness/data/safetensors.hpp"
#include "tests/data/support.hpp"

namespace scant {
namespace {

using ::testing::HasSubstr;

/// Three u16 images of two sizes, two channels, with names and domains.
ImageBank ragged_bank() {
  BankBuilder builder(PixelType::u16, 2);
  std::uint16_t next = 60000;
  for (int i = 0; i < 3; ++i) {
    const int height = 2 + i % 2, width = 3;
    std::vector<std::uint16_t> pixels(static_cast<std::size_t>(2 * height * width));
    for (auto& pixel : pixels) pixel = next++;
    builder.add(std::as_bytes(std::span(pixels)), height, width, i, "dir.with.dots/" + std::to_string(i), i % 2);
  }
  return builder.finish({"a", "b", "c"});
}

TEST(Bank, BuilderLaysImagesOneAfterTheOther) {
  const ImageBank bank = ragged_bank();
  EXPECT_EQ(bank.size(), 3);
  EXPECT_FALSE(bank.fixed());
  EXPECT_EQ(bank.num_classes(), 3);
  EXPECT_EQ(bank.elements, 12 + 18 + 12);
  EXPECT_EQ(bank.shapes[2].offset, 30);
  EXPECT_EQ(bank.image<std::uint16_t>(1)[0], 60012);
  EXPECT_EQ(bank.digest.size(), 64U);
  const ImageBank copy = bank;
  EXPECT_EQ(copy.pixels.get(), bank.pixels.get());
}

TEST(Bank, DigestDependsOnPixelsShapesAndLabels) {
  const auto one = [](std::vector<unsigned char> pixels, int height, int width, int label) {
    BankBuilder builder(PixelType::u8, 1);
    builder.add(std::as_bytes(std::span(pixels)), height, width, label);
    return builder.finish().digest;
  };
  const std::string base = one({1, 2}, 1, 2, 0);
  EXPECT_EQ(base, one({1, 2}, 1, 2, 0));
  EXPECT_NE(base, one({1, 3}, 1, 2, 0));
  EXPECT_NE(base, one({1, 2}, 2, 1, 0));
  EXPECT_NE(base, one({1, 2}, 1, 2, 1));
}

TEST(Bank, BuilderRefusesWhatDoesNotFit) {
  const std::vector<std::byte> two(2);
  BankBuilder builder(PixelType::u8, 1);
  EXPECT_THAT(input_error([&] { builder.add(two, 2, 2, 0, "x"); }), HasSubstr("image x"));
  EXPECT_THAT(input_error([&] { builder.add(two, 1, 2, -1, "x"); }), HasSubstr("label -1"));
  builder.add(two, 1, 2, 3, "x", 0);
  EXPECT_THAT(input_error([&] { builder.add(two, 1, 2, 0, "y"); }), HasSubstr("domain"));
  EXPECT_THAT(input_error([&] { builder.add(two, 1, 2, 0, "", 1); }), HasSubstr("names"));
  EXPECT_THAT(input_error([&] { builder.finish({"only", "two"}); }), HasSubstr("label 3"));
}

TEST(Bank, SavedBankMapsBackUnchanged) {
  const test::TemporaryFolder folder;
  const ImageBank bank = ragged_bank();
  const auto file = folder.path() / "bank.safetensors";
  save_bank(bank, file, {{"note", {1, 2}}});
  Json extra;
  const ImageBank read = load_bank(file, &extra);
  EXPECT_EQ(extra.at("note"), (Json{1, 2}));
  EXPECT_EQ(read.type, PixelType::u16);
  EXPECT_EQ(read.channels, 2);
  EXPECT_EQ(read.labels, bank.labels);
  EXPECT_EQ(read.domains, bank.domains);
  EXPECT_EQ(read.names, bank.names);
  EXPECT_EQ(read.class_names, bank.class_names);
  EXPECT_EQ(read.digest, bank.digest);
  ASSERT_EQ(read.elements, bank.elements);
  EXPECT_EQ(std::memcmp(read.pixels.get(), bank.pixels.get(), static_cast<std::size_t>(bank.elements) * 2), 0);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(read.shapes[i].offset, bank.shapes[i].offset);
}

TEST(Bank, MappingOutlivesTheFileAndItsReplacement) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "bank.safetensors";
  save_bank(ragged_bank(), file);
  const ImageBank mapped = load_bank(file);
  save_bank(labelled_bank({0}), file);
  EXPECT_EQ(mapped.image<std::uint16_t>(2)[11], 60041);
  std::filesystem::remove(file);
  EXPECT_EQ(mapped.image<std::uint16_t>(0)[0], 60000);
}

TEST(Bank, FilesThatAreNoSoundBankAreRefused) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "x";
  const std::vector<std::uint8_t> pixels(4);
  const std::vector<std::int32_t> two = {1, 4}, label = {0}, labels = {0, 0};
  const auto bytes = [](const auto& values) { return std::as_bytes(std::span(values)); };
  const std::string about =
      R"({"format":1,"channels":1,"digest":")" + std::string(64, 'a') + R"(","names":[],"class_names":[]})";
  const auto write = [&](const std::vector<std::int32_t>& with_labels, const std::string& with_about,
                         const std::string& pixel_type = "U8") {
    const auto count = static_cast<std::int64_t>(with_labels.size());
    write_safetensors(file,
                      {{"pixels", {pixel_type, {4}, bytes(pixels)}},
                       {"shapes", {"I32", {1, 2}, bytes(two)}},
                       {"labels", {"I32", {count}, bytes(with_labels)}},
                       {"domains", {"I32", {0}, {}}}},
                      {{"scant_bank", with_about}, {"extra", "null"}});
  };
  write(label, about);
  EXPECT_EQ(load_bank(file).size(), 1);
  write(labels, about);
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("labels"));
  write({-1}, about);
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("below 0"));
  write(label, about, "I8");
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("unknown type"));
  write(label, R"({"format":1,"channels":2,"digest":")" + std::string(64, 'a') + R"(","names":[],"class_names":[]})");
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("pixels and shapes"));
  write(label, R"({"format":1,"channels":1,"digest":"","names":[],"class_names":[]})");
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("digest"));
  write(label, R"({"format":99,"channels":1,"digest":"","names":[],"class_names":[]})");
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("version"));
  write(label, "no json");
  EXPECT_THROW(load_bank(file), InputError);
  write_safetensors(file, {{"pixels", {"U8", {4}, bytes(pixels)}}});
  EXPECT_THAT(input_error([&] { load_bank(file); }), HasSubstr("no image bank"));
}

TEST(Bank, TestSizeReturnsTheBankItselfWhereNothingChanges) {
  BankBuilder builder(PixelType::u8, 1);
  const std::vector<std::byte> pixels(16);
  builder.add(pixels, 4, 4, 0);
  const ImageBank bank = builder.finish();
  EXPECT_EQ(at_test_size(bank, 4).pixels.get(), bank.pixels.get());
  EXPECT_THROW(at_test_size(bank, 0), InputError);
}

TEST(Bank, TestSizeEqualsResizeThenCrop) {
  BankBuilder builder(PixelType::u8, 2);
  std::vector<std::uint8_t> image(2 * 30 * 41);
  Random random(3);
  for (auto& pixel : image) pixel = static_cast<std::uint8_t>(random.below(256));
  builder.add(std::as_bytes(std::span(image)), 30, 41, 1, "name", 1);
  const ImageBank bank = at_test_size(builder.finish(), 12);
  ASSERT_TRUE(bank.fixed());
  EXPECT_EQ(bank.labels, std::vector<std::int32_t>{1});
  EXPECT_EQ(bank.names, std::vector<std::string>{"name"});
  std::vector<std::uint8_t> whole(2 * 12 * 16), scratch;
  resize_u8(image.data(), 2, 30, 41, {0, 0, 30, 41}, 12, 16, whole.data(), scratch);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 12; ++y) {
      for (int x = 0; x < 12; ++x) {
        ASSERT_EQ(bank.image<std::uint8_t>(0)[(c * 12 + y) * 12 + x], whole[(c * 12 + y) * 16UL + 2 + x]);
      }
    }
  }
}

TEST(Bank, SixteenBitImagesBecomeFloatsAtTestSize) {
  BankBuilder builder(PixelType::u16, 1);
  const std::vector<std::uint16_t> image = {0,  10000, 20000, 30000, 40000, 50000, 60000, 10,
                                            20, 30,    40,    50,    60,    70,    80,    90};
  builder.add(std::as_bytes(std::span(image)), 4, 4, 0);
  const ImageBank bank = at_test_size(builder.finish(), 2);
  ASSERT_EQ(bank.type, PixelType::f32);
  // Half-pixel centres: each output is the mean of a 2 x 2 block, raw units.
  EXPECT_FLOAT_EQ(bank.image<float>(0)[0], (0 + 10000 + 40000 + 50000) / 4.0F);
  EXPECT_FLOAT_EQ(bank.image<float>(0)[3], (40 + 50 + 80 + 90) / 4.0F);
}

}  // namespace
}  // namespace scant
