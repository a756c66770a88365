// Colour operations on real numbers, stains and distortions against one pixel at a time, written out.
#include "harness/learn/float_colours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "harness/learn/backbone.hpp"
#include "harness/learn/colour_change.hpp"
#include "harness/learn/stains.hpp"
#include "harness/learn/warps.hpp"

namespace scant {
namespace {

using Rgb = std::array<double, 3>;

torch::Tensor noise(const std::vector<std::int64_t>& shape, std::uint64_t seed = 1) {
  Random random(seed);
  torch::Tensor pixels = torch::empty(shape, torch::kFloat64);
  double* values = pixels.data_ptr<double>();
  for (std::int64_t i = 0; i < pixels.numel(); ++i) values[i] = random.uniform();
  return pixels;
}

double at(const torch::Tensor& image, std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
  return image.index({n, c, y, x}).item<double>();
}

/// Compares every pixel of image `n` with what `pixel` makes of it.
void expect_pixels(const torch::Tensor& got, const torch::Tensor& image, std::int64_t n,
                   const std::function<Rgb(const Rgb&)>& pixel) {
  for (std::int64_t y = 0; y < image.size(2); ++y) {
    for (std::int64_t x = 0; x < image.size(3); ++x) {
      const Rgb want = pixel({at(image, n, 0, y, x), at(image, n, 1, y, x), at(image, n, 2, y, x)});
      for (int c = 0; c < 3; ++c) ASSERT_NEAR(at(got, n, c, y, x), want[static_cast<std::size_t>(c)], 1e-12);
    }
  }
}

double grey_of(const Rgb& p) {
  return 0.2989 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

Rgb map(const Rgb& p, const std::function<double(double)>& f) {
  return {f(p[0]), f(p[1]), f(p[2])};
}

/// Hue in [0,1), saturation, value; by the textbook's cases.
Rgb hsv(const Rgb& p) {
  const double most = std::max({p[0], p[1], p[2]}), least = std::min({p[0], p[1], p[2]}), range = most - least;
  double h = 0;
  if (range > 0 && most == p[0]) h = (p[1] - p[2]) / range;
  if (range > 0 && most == p[1] && most != p[0]) h = 2 + (p[2] - p[0]) / range;
  if (range > 0 && most == p[2] && most != p[0] && most != p[1]) h = 4 + (p[0] - p[1]) / range;
  return {(h < 0 ? h + 6 : h) / 6, most > 0 ? range / most : 0, most};
}

Rgb rgb(const Rgb& c) {
  const int sector = static_cast<int>(c[0] * 6) % 6;
  const double f = c[0] * 6 - std::floor(c[0] * 6), v = c[2];
  const double p = v * (1 - c[1]), q = v * (1 - c[1] * f), t = v * (1 - c[1] * (1 - f));
  const std::array<Rgb, 6> sectors{{{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}}};
  return sectors[static_cast<std::size_t>(sector)];
}

TEST(FloatColours, ArePixelByPixelWhatTheirDefinitionsSay) {
  const torch::Tensor image = noise({2, 3, 5, 7});
  const std::vector<double> values{1.3, 0.6};
  double grey_sum = 0;
  Rgb sums{};
  for (std::int64_t i = 0; i < 35; ++i) {
    const Rgb p{at(image, 1, 0, i / 7, i % 7), at(image, 1, 1, i / 7, i % 7), at(image, 1, 2, i / 7, i % 7)};
    grey_sum += grey_of(p);
    for (std::size_t c = 0; c < 3; ++c) sums[c] += p[c];
  }
  const double f = values[1];
  expect_pixels(scale_brightness(image, values), image, 1,
                [&](const Rgb& p) { return map(p, [&](double x) { return x * f; }); });
  expect_pixels(shift_brightness(image, values), image, 1,
                [&](const Rgb& p) { return map(p, [&](double x) { return x + f; }); });
  expect_pixels(scale_contrast_of_image(image, values), image, 1, [&](const Rgb& p) {
    return map(p, [&](double x) { return grey_sum / 35 + f * (x - grey_sum / 35); });
  });
  expect_pixels(scale_contrast_of_channels(image, values), image, 1, [&](const Rgb& p) {
    Rgb result;
    for (std::size_t c = 0; c < 3; ++c) result[c] = sums[c] / 35 + f * (p[c] - sums[c] / 35);
    return result;
  });
  expect_pixels(scale_saturation(image, values), image, 1,
                [&](const Rgb& p) { return map(p, [&](double x) { return grey_of(p) + f * (x - grey_of(p)); }); });
  expect_pixels(scale_hsv_saturation(image, values), image, 0, [&](const Rgb& p) {
    const Rgb c = hsv(p);
    return rgb({c[0], std::min(1.0, c[1] * values[0]), c[2]});
  });
  expect_pixels(turn_hue(image, {0.37, -0.2}), image, 1, [](const Rgb& p) {
    const Rgb c = hsv(p);
    return rgb({c[0] < 0.2 ? c[0] + 0.8 : c[0] - 0.2, c[1], c[2]});
  });
  expect_pixels(float_grey(image), image, 1, [](const Rgb& p) { return map(p, [&](double) { return grey_of(p); }); });
  expect_pixels(band_mean(image), image, 0,
                [](const Rgb& p) { return map(p, [&](double) { return (p[0] + p[1] + p[2]) / 3; }); });
  expect_pixels(solarise(image, 0.5, 1), image, 0,
                [](const Rgb& p) { return map(p, [](double x) { return x >= 0.5 ? 1 - x : x; }); });
}

TEST(FloatColours, GreyAndBlackHaveNoHue) {
  const torch::Tensor pixels = torch::tensor({0.0, 0.4, 1.0}, torch::kFloat64).view({1, 1, 1, 3}).expand({1, 3, 1, 3});
  EXPECT_TRUE(turn_hue(pixels, {0.3}).equal(pixels));
  EXPECT_EQ(hsv_of_rgb(pixels).narrow(1, 0, 2).abs().max().item<double>(), 0);
}

TEST(FloatColours, OneChannelHasNeitherSaturationNorHue) {
  const torch::Tensor pixels = noise({2, 1, 4, 4});
  EXPECT_TRUE(scale_saturation(pixels, {2, 0}).equal(pixels));
  EXPECT_TRUE(scale_hsv_saturation(pixels, {2, 0}).equal(pixels));
  EXPECT_TRUE(turn_hue(pixels, {0.2, 0.4}).equal(pixels));
  EXPECT_TRUE(float_grey(pixels).equal(pixels));
}

TEST(FloatColours, BlurIsTheSumOverAWindowOfGaussianWeights) {
  const torch::Tensor image = noise({2, 2, 6, 7});
  const std::vector<double> deviations{0.5, 1.4};
  constexpr int radius = 2;
  for (const Border border : {Border::zero, Border::reflect}) {
    const torch::Tensor got = true_gaussian_blur(image, deviations, radius, border);
    const auto mirrored = [](int i, int n) { return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i; };
    for (int y = 0; y < 6; ++y) {
      for (int x = 0; x < 7; ++x) {
        double sum = 0, total = 0;
        for (int dy = -radius; dy <= radius; ++dy) {
          for (int dx = -radius; dx <= radius; ++dx) {
            const double weight = std::exp(-(dy * dy + dx * dx) / (2 * 1.4 * 1.4));
            total += weight;
            const bool inside = y + dy >= 0 && y + dy < 6 && x + dx >= 0 && x + dx < 7;
            if (border == Border::zero && !inside) continue;
            sum += weight * at(image, 1, 1, mirrored(y + dy, 6), mirrored(x + dx, 7));
          }
        }
        ASSERT_NEAR(at(got, 1, 1, y, x), sum / total, 1e-12);
      }
    }
  }
}

TEST(Stains, AreDensitiesTimesTheInverseOfTheirColours) {
  const torch::Tensor image = noise({1, 3, 4, 5}), inverse = stains_of_rgb(), colours = rgb_of_stains();
  const double base = std::log(1e-6);
  const auto density = [&](double x) { return std::log(std::max(x, 1e-6)) / base; };
  const StainChange change{{0.9, 1.1, 1.02}, {0.01, -0.02, 0.005}};
  const auto stains = [&](const Rgb& p) {
    Rgb result;
    for (int s = 0; s < 3; ++s) {
      double sum = 0;
      for (int c = 0; c < 3; ++c) sum += density(p[static_cast<std::size_t>(c)]) * inverse[c][s].item<double>();
      result[static_cast<std::size_t>(s)] = std::max(0.0, sum);
    }
    return result;
  };
  expect_pixels(stains_of(image), image, 0, stains);
  expect_pixels(change_stains(image, {change}), image, 0, [&](const Rgb& p) {
    const Rgb held = stains(p);
    Rgb result;
    for (int c = 0; c < 3; ++c) {
      double sum = 0;
      for (std::size_t s = 0; s < 3; ++s) {
        sum += (held[s] * change.scale[s] + change.shift[s]) * colours[static_cast<std::int64_t>(s)][c].item<double>();
      }
      result[static_cast<std::size_t>(c)] = std::clamp(std::exp(sum * base), 0.0, 1.0);
    }
    return result;
  });
  // White holds no stain, and a colour within the cone comes back.
  EXPECT_EQ(stains_of(torch::ones({1, 3, 1, 1})).abs().max().item<double>(), 0);
  const torch::Tensor pink = colours_of_stains(torch::full({1, 3, 1, 1}, 0.05, torch::kFloat64));
  EXPECT_TRUE(torch::allclose(colours_of_stains(stains_of(pink)), pink, 0, 1e-12));
}

TEST(Warps, StripesOfFactorOneAreTheImage) {
  const torch::Tensor image = noise({2, 3, 10, 10});
  const std::vector<std::vector<double>> ones(2, std::vector<double>(3, 1.0));
  EXPECT_TRUE(distort_grid(image, ones, ones).equal(image));
}

TEST(Warps, AStripeShowsMoreOrLessOfTheImage) {
  // Three stripes of 2 and a rest of 1: 0 0.5 | 1 3 | 5 6 (border) | 6.
  const std::vector<double> positions = stripe_positions(7, {0.5, 2, 1});
  EXPECT_EQ(positions, (std::vector<double>{0, 0.5, 1, 3, 5, 6, 6}));
  torch::Tensor image = torch::arange(7, torch::kFloat64).view({1, 1, 1, 7}).expand({1, 2, 7, 7}).contiguous();
  const torch::Tensor across = distort_grid(image, {{0.5, 2, 1}}, {{1, 1, 1}});
  const torch::Tensor down = distort_grid(image.transpose(2, 3).contiguous(), {{1, 1, 1}}, {{0.5, 2, 1}});
  for (std::int64_t i = 0; i < 7; ++i) {
    EXPECT_DOUBLE_EQ(at(across, 0, 1, 4, i), positions[static_cast<std::size_t>(i)]);
    EXPECT_DOUBLE_EQ(at(down, 0, 1, i, 2), positions[static_cast<std::size_t>(i)]);
  }
}

TEST(Warps, AShuffledGridShowsEachFieldElsewhere) {
  const torch::Tensor image = noise({2, 3, 8, 7});  // fields of 2 x 2, a rest of 2 rows and 1 column
  const std::vector<std::int64_t> turned{8, 0, 1, 2, 3, 4, 5, 6, 7}, same{0, 1, 2, 3, 4, 5, 6, 7, 8};
  const torch::Tensor got = shuffle_grid(image, 3, {same, turned});
  EXPECT_TRUE(got[0].equal(image[0]));
  for (std::int64_t y = 0; y < 8; ++y) {
    for (std::int64_t x = 0; x < 7; ++x) {
      std::int64_t from_y = y, from_x = x;
      if (y < 6 && x < 6) {
        const std::int64_t from = turned[static_cast<std::size_t>(y / 2 * 3 + x / 2)];
        from_y = from / 3 * 2 + y % 2;
        from_x = from % 3 * 2 + x % 2;
      }
      ASSERT_EQ(at(got, 1, 2, y, x), at(image, 1, 2, from_y, from_x));
    }
  }
}

}  // namespace
}  // namespace scant
