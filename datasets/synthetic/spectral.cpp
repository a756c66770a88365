// Multispectral stand-in: 13 bands in EuroSAT's order; a class is a spatial pattern together with the way in which
// bands vary with each other, under one mean spectrum and one spread per band.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

constexpr int bands_count = 13;
// B01..B08, B09, B10, B11, B12, B8A in raw units (reflectance x 10000): about the average of mixed farmland.
constexpr std::array<double, bands_count> mean_spectrum{1350, 1120, 1040, 950,  1200, 2000, 2400,
                                                        2300, 730,  12,   1820, 1120, 2600};
// How strongly each band takes part in the pattern, as a share of its mean.
constexpr std::array<double, bands_count> depth{0.04, 0.10, 0.14, 0.20, 0.18, 0.2, 0.22,
                                                0.24, 0.08, 0.02, 0.24, 0.26, 0.24};
// Where the two compositions part: in dry land the short-wave infrared (B11, B12) and the visible rise with the near
// infrared, in wet land they fall while it rises. Mean and spread of every single band agree.
constexpr std::array<int, bands_count> wet_sign{1, 1, -1, -1, -1, 1, 1, 1, 1, 1, -1, -1, 1};

/// The spatial pattern, zero mean and unit variance. Its sign is random, so no class has brighter spots than another.
std::vector<float> pattern(int kind, int n, Random& random) {
  std::vector<float> field(static_cast<std::size_t>(n) * n);
  const double angle = tau * random.uniform(), c = std::cos(angle), s = std::sin(angle);
  const double phase = tau * random.uniform(), shift = random.uniform(-0.2, 0.2) * n, period = random.uniform(4.5, 7);
  const auto coarse = smooth_noise(random, n, n, n / 3.5), fine = smooth_noise(random, n, n, 1.7);
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      const auto i = static_cast<std::size_t>(y) * n + x;
      const double u = c * (x - n / 2.0) + s * (y - n / 2.0), v = c * (y - n / 2.0) - s * (x - n / 2.0);
      switch (kind) {
        case 0:  // ploughed rows
          field[i] = static_cast<float>(std::sin(tau * u / period + phase));
          break;
        case 1:  // a few large patches
          field[i] = coarse[i] > 0.5f ? 1.f : -1.f;
          break;
        case 2:  // speckle
          field[i] = fine[i] > 0.5f ? 1.f : -1.f;
          break;
        default:  // one meandering band
          field[i] = std::abs(v - shift - 0.09 * n * std::sin(tau * u / (0.7 * n) + phase)) < 0.085 * n ? 1.f : -1.f;
      }
    }
  }
  double mean = 0, square = 0;
  for (float value : field) mean += value;
  mean /= static_cast<double>(field.size());
  for (float value : field) square += (value - mean) * (value - mean);
  const double deviation = std::sqrt(square / static_cast<double>(field.size())) + 1e-6;
  const double sign = random.below(2) ? 1 : -1;
  for (auto& value : field) value = static_cast<float>(sign * (value - mean) / deviation);
  return field;
}

}  // namespace

Canvas draw_spectral(int label, int domain, const Options& options, Random& random) {
  const int n = options.side;
  const bool wet = label % 2;
  const auto field = pattern(label / 2, n, random);
  const auto nuisance = smooth_noise(random, n, n, n / 4.0, 2);
  const double light = 1 + (0.05 + 0.2 * options.difficulty) * random.uniform(-1, 1);  // sun and slope
  const double haze = 250 * options.difficulty * random.uniform();                     // falls with the wavelength
  const double contrast = std::exp(-2.5 * options.difficulty) * random.uniform(0.75, 1.2);
  Canvas canvas(bands_count, n, n);
  for (int b = 0; b < bands_count; ++b) {
    const auto k = static_cast<std::size_t>(b);
    // The second sensor: other gains along the spectrum and a dark offset.
    const double gain = domain == 0 ? 1.0 : 1.12 - 0.018 * b, offset = domain == 0 ? 0.0 : 40.0;
    const double level = mean_spectrum[k] * light * gain * (1 + 0.03 * random.normal()), sign = wet ? wet_sign[k] : 1;
    const double veil = haze * std::exp(-b / 3.0) + offset, swing = level * depth[k] * contrast * sign;
    const double drift = level * 0.5 * options.difficulty * random.uniform(-1, 1);
    for (std::size_t i = 0; i < field.size(); ++i)
      canvas.plane(b)[i] = static_cast<float>(level + veil + swing * field[i] + drift * (nuisance[i] - 0.5f));
    const double grain = level * (0.02 + 0.5 * options.difficulty) + 2;
    for (std::size_t i = 0; i < field.size(); ++i)
      canvas.plane(b)[i] += static_cast<float>(grain * (random.uniform() + random.uniform() - 1));
  }
  for (auto& value : canvas.values) value = std::clamp(value, 0.f, 10000.f);
  return canvas;
}

}  // namespace scant::synthetic
