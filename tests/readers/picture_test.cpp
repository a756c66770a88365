// Decoding of jpg, png, tif and bmp files: exact values where the format is lossless, and damaged files.
#include <gmock/gmock.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/json.hpp"
#include "harness/data/io/picture.hpp"
#include "tests/readers/support.hpp"

namespace scant {
namespace {

using ::testing::HasSubstr;

int value(const Pixels& pixels, int channel, int y, int x) {
  return std::to_integer<int>(
      pixels.planar[static_cast<std::size_t>((channel * pixels.height + y) * pixels.width + x)]);
}

/// 4 x 3 pixels (width x height), stored as BGR; red = 10x, green = 20y, blue = 200.
cv::Mat colours() {
  cv::Mat image(3, 4, CV_8UC3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x) {
      image.at<cv::Vec3b>(y, x) = {200, static_cast<unsigned char>(20 * y), static_cast<unsigned char>(10 * x)};
    }
  }
  return image;
}

TEST(Picture, ColourIsRgbAndPlanar) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a.png", "a.tif", "a.bmp"}) {
    const auto file = folder.path() / name;
    ASSERT_TRUE(cv::imwrite(file.string(), colours()));
    const Pixels pixels = decode_picture(file, 3);
    ASSERT_EQ(pixels.height, 3) << name;
    ASSERT_EQ(pixels.width, 4) << name;
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 4; ++x) {
        EXPECT_EQ(value(pixels, 0, y, x), 10 * x) << name;
        EXPECT_EQ(value(pixels, 1, y, x), 20 * y) << name;
        EXPECT_EQ(value(pixels, 2, y, x), 200) << name;
      }
    }
  }
}

TEST(Picture, LuminanceIsPillowsInteger) {
  const test::TemporaryFolder folder;
  cv::Mat image(16, 16, CV_8UC3);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      image.at<cv::Vec3b>(y, x) = {static_cast<unsigned char>(x * 17), static_cast<unsigned char>(y * 17),
                                   static_cast<unsigned char>((x * y * 7) % 256)};
    }
  }
  const auto file = folder.path() / "a.png";
  ASSERT_TRUE(cv::imwrite(file.string(), image));
  const Pixels pixels = decode_picture(file, 1);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      const auto bgr = image.at<cv::Vec3b>(y, x);
      EXPECT_EQ(value(pixels, 0, y, x), (19595 * bgr[2] + 38470 * bgr[1] + 7471 * bgr[0] + 32768) >> 16);
    }
  }
}

TEST(Picture, GrayKeepsItsValuesAndFillsThreeChannels) {
  const test::TemporaryFolder folder;
  cv::Mat image(1, 256, CV_8UC1);
  for (int x = 0; x < 256; ++x) image.at<unsigned char>(0, x) = static_cast<unsigned char>(x);
  const auto file = folder.path() / "a.tif";
  ASSERT_TRUE(cv::imwrite(file.string(), image));
  const Pixels one = decode_picture(file, 1), three = decode_picture(file, 3);
  for (int x = 0; x < 256; ++x) {
    EXPECT_EQ(value(one, 0, 0, x), x);
    for (int c = 0; c < 3; ++c) EXPECT_EQ(value(three, c, 0, x), x);
  }
}

TEST(Picture, OneBitBecomesBlackAndWhite) {
  const test::TemporaryFolder folder;
  cv::Mat image = cv::Mat::zeros(2, 9, CV_8UC1);
  image.at<unsigned char>(1, 8) = 255;
  const auto file = folder.path() / "a.png";
  ASSERT_TRUE(cv::imwrite(file.string(), image, {cv::IMWRITE_PNG_BILEVEL, 1}));
  const Pixels pixels = decode_picture(file, 1);
  EXPECT_EQ(value(pixels, 0, 0, 0), 0);
  EXPECT_EQ(value(pixels, 0, 1, 8), 255);
}

TEST(Picture, SixteenBitsAreScaledAndRounded) {
  const test::TemporaryFolder folder;
  const int values[] = {0, 128, 129, 257, 32768, 65407, 65535};
  cv::Mat image(1, 7, CV_16UC1);
  for (int x = 0; x < 7; ++x) image.at<std::uint16_t>(0, x) = static_cast<std::uint16_t>(values[x]);
  const auto file = folder.path() / "a.png";
  ASSERT_TRUE(cv::imwrite(file.string(), image));
  const Pixels pixels = decode_picture(file, 1);
  const int expected[] = {0, 0, 1, 1, 128, 255, 255};
  for (int x = 0; x < 7; ++x) EXPECT_EQ(value(pixels, 0, 0, x), expected[x]) << values[x];
}

TEST(Picture, TransparencyIsDropped) {
  const test::TemporaryFolder folder;
  const cv::Mat image(2, 2, CV_8UC4, cv::Scalar(1, 2, 3, 0));
  const auto file = folder.path() / "a.png";
  ASSERT_TRUE(cv::imwrite(file.string(), image));
  const Pixels pixels = decode_picture(file, 3);
  EXPECT_EQ(pixels.channels, 3);
  EXPECT_EQ(value(pixels, 0, 0, 0), 3);
  EXPECT_EQ(value(pixels, 2, 1, 1), 1);
}

/// An Exif block that asks for a turn by 90 degrees, put behind the start-of-image marker.
std::string with_orientation(const std::string& jpeg) {
  const std::string tiff("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);
  const std::string body = std::string("Exif\0\0", 6) + tiff;
  std::string segment("\xFF\xE1\0\0", 4);
  segment[3] = static_cast<char>(body.size() + 2);
  return jpeg.substr(0, 2) + segment + body + jpeg.substr(2);
}

TEST(Picture, ExifOrientationIsNotApplied) {
  const test::TemporaryFolder folder;
  std::vector<unsigned char> encoded;
  ASSERT_TRUE(cv::imencode(".jpg", colours(), encoded));
  const auto file = folder.write("a.jpg", with_orientation({encoded.begin(), encoded.end()}));
  // The library itself would turn it: the block above is understood.
  ASSERT_EQ(cv::imread(file.string(), cv::IMREAD_COLOR).rows, 4);
  const Pixels pixels = decode_picture(file, 3);
  EXPECT_EQ(pixels.height, 3);
  EXPECT_EQ(pixels.width, 4);
}

TEST(Picture, DamagedFilesAreNamed) {
  const test::TemporaryFolder folder;
  cv::Mat noise(64, 64, CV_8UC3);
  cv::RNG random(1);
  random.fill(noise, cv::RNG::UNIFORM, 0, 256);
  for (const char* extension : {".jpg", ".png", ".tif"}) {
    std::vector<unsigned char> encoded;
    ASSERT_TRUE(cv::imencode(extension, noise, encoded));
    const std::string bytes(encoded.begin(), encoded.end());
    const std::string name = std::string("broken") + extension;
    for (const std::size_t size : {bytes.size() / 2, std::size_t{5}, std::size_t{0}}) {
      const auto file = folder.write(name, bytes.substr(0, size));
      const std::string message = error_of([&] { decode_picture(file, 3); });
      EXPECT_THAT(message, HasSubstr(name)) << size << " bytes of " << bytes.size();
    }
  }
  const auto text = folder.write("text.jpg", "not a picture at all");
  EXPECT_THAT(error_of([&] { decode_picture(text, 3); }), HasSubstr("text.jpg"));
}

TEST(Picture, JpegEndIsFoundBehindThumbnails) {
  std::vector<unsigned char> encoded;
  ASSERT_TRUE(cv::imencode(".jpg", colours(), encoded));
  const std::string whole(encoded.begin(), encoded.end());
  EXPECT_TRUE(jpeg_is_whole(whole));
  EXPECT_TRUE(jpeg_is_whole(whole + "trailing bytes"));
  EXPECT_FALSE(jpeg_is_whole(whole.substr(0, whole.size() - 2)));
  // A comment that holds an end marker, as an Exif thumbnail does, does not count.
  const std::string comment("\xFF\xFE\x00\x04\xFF\xD9", 6);
  const std::string with_comment = whole.substr(0, 2) + comment + whole.substr(2);
  EXPECT_TRUE(jpeg_is_whole(with_comment));
  EXPECT_FALSE(jpeg_is_whole(with_comment.substr(0, with_comment.size() - 2)));
}

}  // namespace
}  // namespace scant
