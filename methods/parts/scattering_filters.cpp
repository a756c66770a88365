// Morlet wavelets and the low-pass filter in Fourier space.
#include "methods/parts/scattering_filters.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <map>
#include <mutex>
#include <numbers>

namespace scant {
namespace {

using Complex = std::complex<double>;

/// A Gaussian window, once oscillating and once not; both periodic with the image.
struct Gabor {
  std::vector<Complex> wave;     // size * size, row-major
  std::vector<double> envelope;  // likewise
};

struct GaborSpec {
  double sigma = 1;  // width along the oscillation, in pixels
  double theta = 0;  // direction, from the first axis (rows)
  double xi = 0;     // radians a pixel
  double slant = 1;  // width along over width across
};

/// The sum over 5 x 5 copies of the plane, as many as the widest filter reaches.
Gabor gabor(int size, const GaborSpec& spec) {
  constexpr int copies = 2;
  constexpr double negligible = 45;  // e^-45 is below a double's resolution beside the window's top of 1
  constexpr double pi = 3.1415;      // Kymatio's: it scales every filter, and with it every map
  const double c = std::cos(spec.theta), s = std::sin(spec.theta), squeeze = spec.slant * spec.slant;
  const double width = 2 * spec.sigma * spec.sigma;
  const double rows = (c * c + s * s * squeeze) / width, cols = (s * s + c * c * squeeze) / width;
  const double mixed = 2 * c * s * (1 - squeeze) / width;
  const double norm = pi * width / spec.slant;
  const auto area = static_cast<std::size_t>(size) * size;
  Gabor result{std::vector<Complex>(area), std::vector<double>(area)};
  for (int row = -copies * size; row < (copies + 1) * size; ++row) {
    for (int col = -copies * size; col < (copies + 1) * size; ++col) {
      const double distance = rows * row * row + mixed * row * col + cols * col * col;
      if (distance > negligible) continue;
      const int y = (row + copies * size) % size, x = (col + copies * size) % size;
      const auto at = static_cast<std::size_t>(y) * size + x;
      const double height = std::exp(-distance) / norm;
      result.envelope[at] += height;
      result.wave[at] += std::polar(height, spec.xi * (row * c + col * s));
    }
  }
  return result;
}

torch::Tensor transform(std::vector<Complex>& values, int size) {
  const torch::Tensor plane = torch::from_blob(values.data(), {size, size}, torch::kComplexDouble);
  return at::real(at::fft_fft2(plane)).contiguous();
}

torch::Tensor low_pass(int size, int scale) {
  Gabor window = gabor(size, {.sigma = 0.8 * std::exp2(scale - 1)});
  return transform(window.wave, size);
}

/// A Gabor function less as much of its window as takes its mean away.
torch::Tensor morlet(const ScatteringShape& shape, int j, int angle) {
  const int size = shape.padded(), first = (shape.angles - 1) / 2;
  Gabor filter = gabor(size, {.sigma = 0.8 * std::exp2(j),
                              .theta = (first - angle) * std::numbers::pi / shape.angles,
                              .xi = 0.75 * std::numbers::pi / std::exp2(j),
                              .slant = 4.0 / shape.angles});
  Complex wave = 0;
  double envelope = 0;
  for (std::size_t i = 0; i < filter.wave.size(); ++i) {
    wave += filter.wave[i];
    envelope += filter.envelope[i];
  }
  for (std::size_t i = 0; i < filter.wave.size(); ++i) filter.wave[i] -= wave / envelope * filter.envelope[i];
  return transform(filter.wave, size);
}

/// The filter for images subsampled by 2^level: the frequencies that those cannot hold are dropped, the others moved to
/// where a transform of the smaller size has them.
torch::Tensor at_level(const torch::Tensor& filter, int level) {
  if (level == 0) return filter;
  const std::int64_t size = filter.size(0), factor = std::int64_t{1} << level, small = size / factor;
  torch::Tensor kept = filter.clone();
  kept.narrow(0, small / 2, size - small).zero_();
  kept.narrow(1, small / 2, size - small).zero_();
  return kept.view({factor, small, factor, small}).sum(at::IntArrayRef{0, 2});
}

ScatteringFilters compute(const ScatteringShape& shape) {
  ScatteringFilters filters;
  const torch::Tensor average = low_pass(shape.padded(), shape.scale);
  for (int level = 0; level < shape.scale; ++level) filters.low_pass.push_back(at_level(average, level));
  for (int j = 0; j < shape.scale; ++j) {
    const int levels = std::min(j + 1, std::max(shape.scale - 1, 1));
    for (int angle = 0; angle < shape.angles; ++angle) {
      const torch::Tensor filter = morlet(shape, j, angle);
      ScatteringFilters::Wavelet wavelet{j, angle, {}};
      for (int level = 0; level < levels; ++level) wavelet.levels.push_back(at_level(filter, level));
      filters.wavelets.push_back(std::move(wavelet));
    }
  }
  return filters;
}

}  // namespace

std::vector<ScatteringPath> scattering_paths(const ScatteringShape& shape) {
  std::vector<ScatteringPath> paths{{0, -1, -1, -1, -1}};
  const int J = shape.scale, L = shape.angles;
  for (int first = 0; first < J * L; ++first) paths.push_back({1, first / L, first % L, -1, -1});
  for (int first = 0; first < J * L; ++first) {
    for (int second = (first / L + 1) * L; second < J * L; ++second) {
      paths.push_back({2, first / L, first % L, second / L, second % L});
    }
  }
  return paths;
}

std::shared_ptr<const ScatteringFilters> scattering_filters(const ScatteringShape& shape) {
  static std::mutex mutex;
  static std::map<ScatteringShape, std::shared_ptr<const ScatteringFilters>> cache;
  const std::lock_guard lock(mutex);
  auto& entry = cache[shape];
  if (!entry) {
    const torch::NoGradGuard no_grad;
    entry = std::make_shared<const ScatteringFilters>(compute(shape));
  }
  return entry;
}

}  // namespace scant
