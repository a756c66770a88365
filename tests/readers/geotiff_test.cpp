// Reader "geotiff": values, band order, interleave, compression, types, damaged files.
#include <fmt/format.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tests/readers/support.hpp"

namespace scant {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The value of a test pixel: another one for every band, row and column.
int pattern(int band, int y, int x) {
  return 1000 * band + 10 * y + x + 7;
}

/// Writes 4 x 5 pixels (height x width) of `type` with creation options such as INTERLEAVE=PIXEL.
void write_tif(const std::filesystem::path& file, int bands, GDALDataType type, std::vector<const char*> options) {
  GDALAllRegister();
  std::filesystem::create_directories(file.parent_path());
  options.push_back(nullptr);
  GDALDataset* dataset = GetGDALDriverManager()->GetDriverByName("GTiff")->Create(file.c_str(), 5, 4, bands, type,
                                                                                  const_cast<char**>(options.data()));
  ASSERT_NE(dataset, nullptr);
  std::vector<double> values(static_cast<std::size_t>(bands) * 20);
  for (int b = 0; b < bands; ++b) {
    for (int i = 0; i < 20; ++i) values[static_cast<std::size_t>(b * 20 + i)] = pattern(b, i / 5, i % 5);
  }
  ASSERT_EQ(dataset->RasterIO(GF_Write, 0, 0, 5, 4, values.data(), 5, 4, GDT_Float64, bands, nullptr, 0, 0, 0, nullptr),
            CE_None);
  GDALClose(dataset);
}

TEST(Geotiff, Uint16OfAnyInterleaveAndCompression) {
  const test::TemporaryFolder folder;
  const std::vector<std::vector<const char*>> layouts = {
      {"INTERLEAVE=PIXEL"},
      {"INTERLEAVE=BAND"},
      {"INTERLEAVE=PIXEL", "COMPRESS=LZW", "PREDICTOR=2"},
      {"INTERLEAVE=BAND", "COMPRESS=DEFLATE"},
      {"INTERLEAVE=PIXEL", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"},
  };
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    write_tif(folder.path() / fmt::format("allBands/River/River_{}.tif", i), 13, GDT_UInt16, layouts[i]);
  }
  const Decoded decoded = read(card_of("geotiff", R"({"image_folder": "allBands"})", 13), folder.path());
  ASSERT_EQ(decoded.bank.size(), 5);
  EXPECT_EQ(decoded.bank.type, PixelType::u16);
  EXPECT_EQ(decoded.bank.channels, 13);
  EXPECT_EQ(decoded.bank.names[0], "River/River_0");
  for (int i = 0; i < 5; ++i) {
    for (int b = 0; b < 13; ++b) {
      EXPECT_EQ(pixel(decoded.bank, i, b, 0, 0), pattern(b, 0, 0)) << i;
      EXPECT_EQ(pixel(decoded.bank, i, b, 3, 4), pattern(b, 3, 4)) << i;
    }
  }
}

TEST(Geotiff, BandsInTheCardsOrder) {
  const test::TemporaryFolder folder;
  write_tif(folder.path() / "A/a.tif", 13, GDT_UInt16, {});
  const Decoded decoded = read(card_of("geotiff-list", R"({"band_indices": [3, 2, 1]})", 3), folder.path());
  EXPECT_EQ(pixel(decoded.bank, 0, 0, 1, 2), pattern(3, 1, 2));
  EXPECT_EQ(pixel(decoded.bank, 0, 2, 1, 2), pattern(1, 1, 2));
  EXPECT_THAT(error_of([&] { read(card_of("geotiff", R"({"band_indices": [13]})", 1), folder.path()); }),
              HasSubstr("band 13 of 0..12"));
  EXPECT_THAT(error_of([&] { read(card_of("geotiff", "{}", 12), folder.path()); }),
              AllOf(HasSubstr("a.tif"), HasSubstr("13 bands where the card says 12")));
}

TEST(Geotiff, FloatsKeepNotANumber) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "A/a.tif";
  write_tif(file, 2, GDT_Float32, {"COMPRESS=LZW"});
  GDALDataset* dataset = GDALDataset::FromHandle(GDALOpen(file.c_str(), GA_Update));
  float values[2] = {std::numeric_limits<float>::quiet_NaN(), -0.125F};
  ASSERT_EQ(dataset->GetRasterBand(2)->RasterIO(GF_Write, 0, 0, 2, 1, values, 2, 1, GDT_Float32, 0, 0, nullptr),
            CE_None);
  GDALClose(dataset);
  const Decoded decoded = read(card_of("geotiff", "{}", 2), folder.path());
  ASSERT_EQ(decoded.bank.type, PixelType::f32);
  const float* pixels = decoded.bank.image<float>(0);
  EXPECT_EQ(pixels[0], 7.0F);
  EXPECT_TRUE(std::isnan(pixels[20]));
  EXPECT_EQ(pixels[21], -0.125F);
  EXPECT_EQ(pixels[39], static_cast<float>(pattern(1, 3, 4)));
}

TEST(Geotiff, BytesAndOtherTypes) {
  const test::TemporaryFolder folder;
  write_tif(folder.path() / "u8/A/a.tif", 1, GDT_Byte, {});
  EXPECT_EQ(read(card_of("geotiff", "{}", 1), folder.path() / "u8").bank.type, PixelType::u8);
  write_tif(folder.path() / "f64/A/a.tif", 1, GDT_Float64, {});
  EXPECT_THAT(error_of([&] { read(card_of("geotiff", "{}", 1), folder.path() / "f64"); }), HasSubstr("Float64"));
  // One type for the whole bank.
  write_tif(folder.path() / "u8/A/b.tif", 1, GDT_UInt16, {});
  EXPECT_THAT(error_of([&] { read(card_of("geotiff", "{}", 1), folder.path() / "u8"); }),
              AllOf(HasSubstr("b.tif"), HasSubstr("uint16"), HasSubstr("uint8")));
}

TEST(Geotiff, NamesFromSplitFiles) {
  const test::TemporaryFolder folder;
  for (const char* name : {"A/A_1", "A/A_2", "B/B_1"}) {
    write_tif(folder.path() / (std::string("allBands/") + name + ".tif"), 2, GDT_UInt16, {});
  }
  folder.write("splits/train0.txt", "B/B_1 1\nA/A_2 0\n");
  const Card listed =
      card_of("geotiff-list", R"({"image_folder": "allBands", "extension": ".tif", "lists": ["train*.txt"]})", 2);
  EXPECT_THAT(read(listed, folder.path()).bank.names, ElementsAre("B/B_1", "A/A_2"));
  const Card folders = card_of(
      "geotiff", R"({"image_folder": "allBands", "extension": ".tif", "lists": "train*.txt", "only_listed": true})", 2);
  EXPECT_THAT(read(folders, folder.path()).bank.names, ElementsAre("A/A_2", "B/B_1"));
}

TEST(Geotiff, DamagedFilesAreNamed) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "A/a.tif";
  for (const char* compression : {"COMPRESS=NONE", "COMPRESS=LZW", "COMPRESS=DEFLATE"}) {
    write_tif(file, 13, GDT_UInt16, {compression});
    const auto size = std::filesystem::file_size(file);
    for (const auto keep : {size - 40, size / 2, std::uintmax_t{6}, std::uintmax_t{0}}) {
      std::filesystem::resize_file(file, keep);
      EXPECT_THAT(error_of([&] { read(card_of("geotiff", "{}", 13), folder.path()); }), HasSubstr("a.tif"))
          << compression << ", " << keep << " of " << size << " bytes";
    }
  }
}

}  // namespace
}  // namespace scant
