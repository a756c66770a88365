// Resizing against an independent double computation, both kernels against each other, and the crop rules.
#include "harness/data/resize.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "harness/core/json.hpp"
#include "harness/data/resize_kernels.hpp"
#include "tests/data/support.hpp"

namespace scant {
namespace {

std::vector<std::uint8_t> noise(std::size_t size, std::uint64_t seed) {
  std::vector<std::uint8_t> values(size);
  Random random(seed);
  for (auto& value : values) value = static_cast<std::uint8_t>(random.below(256));
  return values;
}

/// One pass of the triangle filter in double with rounding to 8 bits, straight from its definition.
std::vector<std::uint8_t> reference_pass(const std::vector<std::uint8_t>& line, int out) {
  const double scale = static_cast<double>(line.size()) / out, reach = std::max(scale, 1.0);
  std::vector<std::uint8_t> result;
  for (int i = 0; i < out; ++i) {
    double sum = 0, weights = 0;
    for (std::size_t k = 0; k < line.size(); ++k) {
      const double weight = std::max(0.0, 1 - std::abs((static_cast<double>(k) + 0.5 - (i + 0.5) * scale) / reach));
      sum += weight * line[k];
      weights += weight;
    }
    result.push_back(static_cast<std::uint8_t>(std::floor(sum / weights + 0.5)));
  }
  return result;
}

TEST(Resize, AgreesWithTheFilterDefinitionOnOneLine) {
  std::vector<std::uint8_t> scratch;
  int off = 0, compared = 0;
  for (const auto& [in, out] : {std::pair{50, 7}, {7, 50}, {500, 224}, {3, 2}, {2, 9}, {1, 5}, {33, 33}, {224, 1}}) {
    const auto line = noise(static_cast<std::size_t>(in), 1);
    std::vector<std::uint8_t> got(static_cast<std::size_t>(out));
    resize_u8(line.data(), 1, 1, in, {0, 0, 1, in}, 1, out, got.data(), scratch);
    const auto want = reference_pass(line, out);
    std::vector<std::uint8_t> column(static_cast<std::size_t>(out));
    resize_u8(line.data(), 1, in, 1, {0, 0, in, 1}, out, 1, column.data(), scratch);
    EXPECT_EQ(column, got) << in << " to " << out;
    for (std::size_t i = 0; i < got.size(); ++i, ++compared) {
      // 22-bit weights may round a near half the other way, never more.
      ASSERT_LE(std::abs(got[i] - want[i]), 1) << in << " to " << out << " at " << i;
      off += got[i] != want[i];
    }
  }
  EXPECT_LE(off, compared / 100);
}

TEST(Resize, BothKernelsGiveTheSameBits) {
  if (best_kernel() == Kernel::portable) GTEST_SKIP() << "this processor has no AVX2";
  for (const auto& [in, out] : {std::pair{500, 224}, {64, 100}, {1700, 33}, {40, 17}, {9, 8}, {23, 5}}) {
    for (const int begin : {0, 2}) {
      const int outputs = out - begin, stride = (outputs + 7) / 8 * 8, rows = 5;
      const auto image = noise(static_cast<std::size_t>(in * rows), 7);
      const ResizeAxis full = resize_axis(in, out);
      const PackedAxis axis = pack_axis(full, in, begin, outputs);
      ASSERT_LE(axis.taps, in);
      std::vector<std::uint8_t> a(static_cast<std::size_t>(stride * rows)), b(a);
      horizontal_u8(Kernel::portable, image.data(), in, rows, axis, a.data(), stride);
      horizontal_u8(Kernel::avx2, image.data(), in, rows, axis, b.data(), stride);
      for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < outputs; ++x) {
          ASSERT_EQ(a[static_cast<std::size_t>(y * stride + x)], b[static_cast<std::size_t>(y * stride + x)]);
        }
      }
    }
  }
  const ResizeAxis axis = resize_axis(90, 30);
  const auto image = noise(90 * 61, 8);
  for (const int width : {16, 17, 61}) {
    for (std::size_t y = 0; y < 30; ++y) {
      std::vector<std::uint8_t> a(static_cast<std::size_t>(width)), b(a);
      const auto* weight = axis.weight.data() + static_cast<std::ptrdiff_t>(y) * axis.support;
      vertical_u8(Kernel::portable, image.data() + axis.first[y] * 61, 61, weight, axis.count[y], width, a.data());
      vertical_u8(Kernel::avx2, image.data() + axis.first[y] * 61, 61, weight, axis.count[y], width, b.data());
      ASSERT_EQ(a, b);
    }
  }
}

TEST(Resize, KeepsConstantsAndExtremes) {
  std::vector<std::uint8_t> scratch;
  for (const int value : {0, 1, 254, 255}) {
    const std::vector<std::uint8_t> image(static_cast<std::size_t>(3 * 41 * 57), static_cast<std::uint8_t>(value));
    std::vector<std::uint8_t> out(3 * 19 * 23);
    resize_u8(image.data(), 3, 41, 57, {0, 0, 41, 57}, 19, 23, out.data(), scratch);
    EXPECT_THAT(out, ::testing::Each(value));
  }
}

TEST(Resize, ABoxIsResizedAsIfItWereCutOutFirst) {
  const auto image = noise(2 * 30 * 40, 2);
  const Box box{3, 5, 20, 17};
  std::vector<std::uint8_t> cut;
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < box.height; ++y) {
      const auto row = image.begin() + (c * 30 + box.top + y) * 40 + box.left;
      cut.insert(cut.end(), row, row + box.width);
    }
  }
  std::vector<std::uint8_t> scratch, a(2 * 8 * 9), b(2 * 8 * 9);
  resize_u8(image.data(), 2, 30, 40, box, 8, 9, a.data(), scratch);
  resize_u8(cut.data(), 2, 20, 17, {0, 0, 20, 17}, 8, 9, b.data(), scratch);
  EXPECT_EQ(a, b);
  std::vector<std::uint8_t> same(2 * 20 * 17);
  resize_u8(image.data(), 2, 30, 40, box, 20, 17, same.data(), scratch);
  EXPECT_EQ(same, cut);
  EXPECT_THROW(resize_u8(image.data(), 2, 30, 40, {20, 0, 11, 5}, 8, 9, a.data(), scratch), InputError);
}

TEST(Resize, MatchesPillowExactly) {
  const std::filesystem::path file = std::string(SCANT_GOLDEN) + "/gem/transforms_geometry.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not here";
  int cases = 0;
  const Json golden = read_json(file);
  for (const Json& one : golden.at("cases")) {
    const Json& in = one.at("inputs");
    const bool boxed = in.contains("top_left_h_w");
    if (!boxed && !(in.contains("pixels") && one.at("expected").contains("out_HW"))) continue;
    const Json& rows = in.at("pixels");
    const int height = static_cast<int>(rows.size()), width = static_cast<int>(rows[0].size());
    const int channels = static_cast<int>(rows[0][0].size());
    std::vector<std::uint8_t> image;
    for (int c = 0; c < channels; ++c) {
      for (const Json& row : rows) {
        for (const Json& pixel : row) image.push_back(pixel.at(static_cast<std::size_t>(c)).get<std::uint8_t>());
      }
    }
    Box box{0, 0, height, width};
    const int size = in.at("size").get<int>();
    auto [out_height, out_width] = boxed ? std::pair{size, size} : shorter_side(height, width, size);
    if (boxed) {
      const auto given = in.at("top_left_h_w").get<std::array<int, 4>>();
      box = {given[0], given[1], given[2], given[3]};
    }
    std::vector<std::uint8_t> scratch, out(static_cast<std::size_t>(channels * out_height * out_width));
    resize_u8(image.data(), channels, height, width, box, out_height, out_width, out.data(), scratch);
    const Json& want = one.at("expected").at("pixels");
    std::size_t at = 0;
    for (int c = 0; c < channels; ++c) {
      for (const Json& row : want) {
        for (const Json& pixel : row) {
          ASSERT_EQ(out[at++], (pixel.is_array() ? pixel.at(static_cast<std::size_t>(c)) : pixel).get<int>())
              << one.at("case");
        }
      }
    }
    ++cases;
  }
  EXPECT_GE(cases, 4);
}

/// The bicubic filter at a distance from its centre, a = -0.5.
double cubic(double x) {
  x = std::abs(x);
  return x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

/// One axis of a bicubic resize, unrounded, in its plainest form.
std::vector<double> bicubic_line(const std::vector<double>& in, int out) {
  const double scale = static_cast<double>(in.size()) / out, stretch = std::max(1.0, scale);
  std::vector<double> result;
  for (int i = 0; i < out; ++i) {
    double sum = 0, total = 0;
    for (std::size_t k = 0; k < in.size(); ++k) {
      const double distance = (static_cast<double>(k) + 0.5 - (i + 0.5) * scale) / stretch;
      sum += cubic(distance) * in[k];
      total += cubic(distance);
    }
    result.push_back(sum / total);
  }
  return result;
}

TEST(Bicubic, BytesAreRoundedAndCutOffFloatsAreNot) {
  // Edges between black and white overshoot on both sides.
  std::vector<std::uint8_t> line;
  for (int i = 0; i < 23; ++i) line.push_back(i / 4 % 2 == 0 ? 0 : 255);
  const std::vector<double> exact(line.begin(), line.end());
  const std::vector<float> real(line.begin(), line.end());
  bool overshoots = false;
  for (const int out : {7, 16, 23, 40}) {
    const std::vector<double> want = bicubic_line(exact, out);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(out)), column(bytes), scratch;
    std::vector<float> floats(bytes.size()), float_scratch;
    resize_u8(line.data(), 1, 1, 23, {0, 0, 1, 23}, 1, out, bytes.data(), scratch, Filter::bicubic);
    resize_u8(line.data(), 1, 23, 1, {0, 0, 23, 1}, out, 1, column.data(), scratch, Filter::bicubic);
    resample_f32(real.data(), 1, 23, 1, {0, 0, 23, 1}, out, 1, Filter::bicubic, floats.data(), float_scratch);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      EXPECT_NEAR(bytes[i], std::clamp(want[i], 0.0, 255.0), 0.51) << out << " " << i;
      EXPECT_EQ(column[i], bytes[i]);
      EXPECT_NEAR(floats[i], want[i], 1e-4);
      overshoots |= want[i] < -1 || want[i] > 256;
    }
  }
  EXPECT_TRUE(overshoots);
}

TEST(Bicubic, BothKernelsGiveTheSameBits) {
  if (best_kernel() != Kernel::avx2) GTEST_SKIP() << "this processor has no AVX2";
  for (const auto& [in, out] : {std::pair{90, 30}, {30, 64}, {61, 61}}) {
    const ResizeAxis full = resize_axis(in, out, Filter::bicubic);
    const PackedAxis axis = pack_axis(full, in, 0, out);
    const int stride = (out + 7) / 8 * 8, rows = 5;
    const auto image = noise(static_cast<std::size_t>(in * rows), 7);
    std::vector<std::uint8_t> a(static_cast<std::size_t>(stride * rows)), b(a);
    horizontal_u8(Kernel::portable, image.data(), in, rows, axis, a.data(), stride);
    horizontal_u8(Kernel::avx2, image.data(), in, rows, axis, b.data(), stride);
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < out; ++x) {
        ASSERT_EQ(a[static_cast<std::size_t>(y * stride + x)], b[static_cast<std::size_t>(y * stride + x)]);
      }
    }
    const auto columns = noise(static_cast<std::size_t>(in) * 61, 8);
    for (std::size_t y = 0; y < static_cast<std::size_t>(out); ++y) {
      std::vector<std::uint8_t> c(61), d(c);
      const auto* weight = full.weight.data() + static_cast<std::ptrdiff_t>(y) * full.support;
      vertical_u8(Kernel::portable, columns.data() + full.first[y] * 61, 61, weight, full.count[y], 61, c.data());
      vertical_u8(Kernel::avx2, columns.data() + full.first[y] * 61, 61, weight, full.count[y], 61, d.data());
      ASSERT_EQ(c, d);
    }
  }
}

TEST(ResampleFloat, KeepsAConstantAndWidensItsFilterWithTheReduction) {
  const std::vector<float> flat(6 * 6, 3.5F), line = {0, 0, 0, 8, 0, 0, 0, 0};
  std::vector<float> out(9), half(4), scratch;
  resample_f32(flat.data(), 1, 6, 6, {1, 2, 4, 3}, 3, 3, Filter::bilinear, out.data(), scratch);
  EXPECT_THAT(out, ::testing::Each(::testing::FloatNear(3.5F, 1e-6F)));
  resample_f32(line.data(), 1, 1, 8, {0, 0, 1, 8}, 1, 4, Filter::bilinear, half.data(), scratch);
  // Triangle of half width 2 around 1, 3, ...; the first one's is cut off at the border.
  EXPECT_THAT(half, ::testing::ElementsAre(0, ::testing::FloatNear(3, 1e-6F), ::testing::FloatNear(1, 1e-6F), 0));
}

TEST(ResizeFloat, InterpolatesBetweenPixelCentres) {
  const std::vector<float> line = {0, 10, 20, 30};
  std::vector<float> up(8), down(2);
  resize_f32(line.data(), 1, 1, 4, {0, 0, 1, 4}, 1, 8, up.data());
  EXPECT_THAT(up, ::testing::ElementsAre(0, 2.5F, 7.5F, 12.5F, 17.5F, 22.5F, 27.5F, 30));
  resize_f32(line.data(), 1, 4, 1, {0, 0, 4, 1}, 2, 1, down.data());
  EXPECT_THAT(down, ::testing::ElementsAre(5, 25));
}

TEST(Crop, ShorterSideTruncatesTheLonger) {
  EXPECT_EQ(shorter_side(333, 500, 224), (std::pair{224, 336}));
  EXPECT_EQ(shorter_side(1001, 223, 224), (std::pair{1005, 224}));
  EXPECT_EQ(shorter_side(224, 900, 224), (std::pair{224, 900}));
}

TEST(Crop, CentreOffsetsRoundHalvesToEven) {
  EXPECT_EQ(center_box(9, 13, 8).top, 0);   // 0.5
  EXPECT_EQ(center_box(9, 13, 8).left, 2);  // 2.5
  EXPECT_EQ(center_box(11, 8, 8).top, 2);   // 1.5
}

TEST(Crop, RandomBoxesStayInsideAndKeepTheirLimits) {
  Random random(11);
  for (int i = 0; i < 5000; ++i) {
    const Box box = random_resized_crop(60, 100, 0.2, 1.0, random);
    ASSERT_TRUE(box.top >= 0 && box.left >= 0 && box.top + box.height <= 60 && box.left + box.width <= 100);
    const double share = box.height * box.width / 6000.0, aspect = static_cast<double>(box.width) / box.height;
    ASSERT_GT(share, 0.19);
    ASSERT_TRUE(aspect > 0.72 && aspect < 1.38) << aspect;
  }
}

TEST(Crop, ImpossibleShapesFallBackToTheCentre) {
  Random random(1);
  // An area of at least 90 % with an aspect within 3/4 .. 4/3 does not fit a 10 : 1 image.
  const Box box = random_resized_crop(20, 200, 0.9, 1.0, random);
  EXPECT_EQ(box.height, 20);
  EXPECT_EQ(box.width, 27);
  EXPECT_EQ(box.left, 86);
  const Box square = crop_fallback(30, 30);
  EXPECT_EQ(square.height * square.width, 900);
}

}  // namespace
}  // namespace scant
