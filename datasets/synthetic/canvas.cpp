// Noise fields, blur and the "development" that makes mean colour independent of the class.
#include "datasets/synthetic/canvas.hpp"

namespace scant::synthetic {
namespace {

double smoothstep(double t) {
  return t * t * (3 - 2 * t);
}

}  // namespace

std::vector<float> smooth_noise(Random& random, int height, int width, double cell, int octaves) {
  std::vector<float> field(static_cast<std::size_t>(height) * width, 0.f);
  double weight = 1, total = 0;
  for (int octave = 0; octave < octaves; ++octave, weight /= 2, cell = std::max(1.0, cell / 2)) {
    const int columns = static_cast<int>(width / cell) + 3, rows = static_cast<int>(height / cell) + 3;
    std::vector<double> grid(static_cast<std::size_t>(rows) * columns);
    for (auto& value : grid) value = random.uniform();
    // A random phase, or the lattice would stand at the same pixels in every image.
    const double phase_x = random.uniform(), phase_y = random.uniform();
    for (int y = 0; y < height; ++y) {
      const double gy = y / cell + phase_y, ty = smoothstep(gy - std::floor(gy));
      const double* row = grid.data() + static_cast<std::size_t>(gy) * columns;
      for (int x = 0; x < width; ++x) {
        const double gx = x / cell + phase_x, tx = smoothstep(gx - std::floor(gx));
        const double* at = row + static_cast<std::size_t>(gx);
        const double top = at[0] + tx * (at[1] - at[0]);
        const double bottom = at[columns] + tx * (at[columns + 1] - at[columns]);
        field[static_cast<std::size_t>(y) * width + x] += static_cast<float>(weight * (top + ty * (bottom - top)));
      }
    }
    total += weight;
  }
  for (auto& value : field) value = static_cast<float>(value / total);
  return field;
}

Look draw_look(Random& random, int domain, double difficulty, const Colour& base, double spread) {
  Look look;
  const double jitter = 0.03 + 0.08 * difficulty, light = jitter * random.normal();
  const Colour cast = domain == 0 ? Colour{0.f, 0.f, 0.f} : Colour{0.07f, -0.02f, -0.10f};
  for (std::size_t c = 0; c < 3; ++c)
    look.mean[c] = static_cast<float>(std::clamp(base[c] + cast[c] + light + 0.4 * jitter * random.normal(), 0.2, 0.8));
  look.spread = spread * (domain == 0 ? 1.0 : 0.8) * random.uniform(0.85, 1.15);
  look.blur = (domain == 0 ? 0.0 : 0.5) + 0.4 * difficulty * random.uniform();
  look.grain = 0.01 + 0.07 * difficulty;
  return look;
}

void blur(Canvas& canvas, double sigma) {
  if (sigma < 0.2) return;
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<float> kernel(static_cast<std::size_t>(2 * radius + 1));
  float total = 0;
  for (int i = -radius; i <= radius; ++i)
    total += kernel[static_cast<std::size_t>(i + radius)] =
        static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)));
  std::vector<float> line(static_cast<std::size_t>(std::max(canvas.height, canvas.width)));
  auto filter = [&](float* start, int count, int stride) {
    for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = start[static_cast<std::ptrdiff_t>(i) * stride];
    for (int i = 0; i < count; ++i) {
      float sum = 0;
      for (int k = -radius; k <= radius; ++k)
        sum += kernel[static_cast<std::size_t>(k + radius)] *
               line[static_cast<std::size_t>(std::clamp(i + k, 0, count - 1))];
      start[static_cast<std::ptrdiff_t>(i) * stride] = sum / total;
    }
  };
  for (int c = 0; c < canvas.channels; ++c) {
    for (int y = 0; y < canvas.height; ++y)
      filter(canvas.plane(c) + static_cast<std::ptrdiff_t>(y) * canvas.width, canvas.width, 1);
    for (int x = 0; x < canvas.width; ++x) filter(canvas.plane(c) + x, canvas.height, canvas.width);
  }
}

void add_grain(Canvas& canvas, double sigma, Random& random) {
  // The sum of two 16-bit uniforms: a triangle of standard deviation 1/sqrt(6), from one draw a pixel.
  const double scale = sigma * std::sqrt(6.0) / 65536.0;
  for (auto& value : canvas.values) {
    const std::uint32_t bits = random.bits();
    value += static_cast<float>(scale * (static_cast<double>((bits & 0xffff) + (bits >> 16)) - 65535.0));
  }
}

void develop(Canvas& canvas, const Look& look, Random& random) {
  blur(canvas, look.blur);
  const std::size_t area = static_cast<std::size_t>(canvas.height) * canvas.width;
  // Twice, because clipping to [0,1] moves the mean again.
  for (int pass = 0; pass < 2; ++pass) {
    std::array<double, 3> mean{};
    double variance = 0;
    for (int c = 0; c < canvas.channels; ++c) {
      const float* plane = canvas.plane(c);
      double sum = 0, square = 0;
      for (std::size_t i = 0; i < area; ++i) sum += plane[i];
      sum /= static_cast<double>(area);
      for (std::size_t i = 0; i < area; ++i) square += (plane[i] - sum) * (plane[i] - sum);
      mean[static_cast<std::size_t>(c)] = sum;
      variance += square / static_cast<double>(area) / canvas.channels;
    }
    const double gain = look.spread > 0 ? look.spread / std::sqrt(variance + 1e-6) : 1.0;
    for (int c = 0; c < canvas.channels; ++c) {
      float* plane = canvas.plane(c);
      const auto k = static_cast<std::size_t>(c);
      for (std::size_t i = 0; i < area; ++i)
        plane[i] = std::clamp(static_cast<float>((plane[i] - mean[k]) * gain + look.mean[k]), 0.f, 1.f);
    }
  }
  add_grain(canvas, look.grain, random);
  for (auto& value : canvas.values) value = std::clamp(value, 0.f, 1.f);
}

Colour random_colour(Random& random, double level, double spread) {
  Colour colour;
  for (auto& component : colour) component = static_cast<float>(level + random.uniform(-spread, spread));
  return colour;
}

}  // namespace scant::synthetic
