// Histology stand-in: haematoxylin and eosin by optical density; tissue types by how nuclei are placed and shaped.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

enum Tissue { gland, sheet, sparse, stream, cluster, vacuole };

struct Nucleus {
  double x, y, radius, stretch, angle;
};

/// Adds `amount` of a stain where `distance` is negative. canvas: channel 0 = haematoxylin, 1 = eosin.
template <class Distance>
void stain(Canvas& canvas, const Frame& frame, float haematoxylin, float eosin, Distance distance,
           const Reach& reach = {}) {
  paint(canvas, frame, {haematoxylin, eosin, 0.f}, 1, distance, reach);
}

void add_ring(std::vector<Nucleus>& nuclei, double x, double y, double radius, double size, Random& random) {
  const int count = static_cast<int>(tau * radius / (2.3 * size));
  const double phase = tau * random.uniform();
  for (int i = 0; i < count; ++i) {
    const double theta = phase + tau * i / count;
    nuclei.push_back(
        {x + radius * std::cos(theta), y + radius * std::sin(theta), size * random.uniform(0.85, 1.1), 1.4, theta});
  }
}

/// Draws the stroma's structures and returns where the nuclei lie. `n` pixels to the side, nuclei of radius `size`.
std::vector<Nucleus> arrange(Canvas& stains, int label, double n, double size, Random& random) {
  std::vector<Nucleus> nuclei;
  auto scatter = [&](int count, double stretch, double low, double high) {
    for (int i = 0; i < count; ++i)
      nuclei.push_back({random.uniform(0, n), random.uniform(0, n), size * random.uniform(low, high), stretch,
                        tau * random.uniform()});
  };
  switch (label) {
    case gland: {  // rings of nuclei around a pale lumen
      const double x = n * random.uniform(0.25, 0.75), y = n * random.uniform(0.25, 0.75);
      for (auto [dx, dy] : {std::pair{0.0, 0.0}, {0.72, 0.2}, {-0.72, -0.1}, {0.2, -0.75}, {-0.2, 0.75}}) {
        const double radius = n * random.uniform(0.2, 0.26), cx = x + dx * n, cy = y + dy * n;
        stain(stains, {cx, cy, radius, 0}, 0.02f, 0.05f, [](double u, double v) { return std::hypot(u, v) - 0.75; },
              {0, 0, 1});
        add_ring(nuclei, cx, cy, radius, size, random);
      }
      scatter(5, 1, 0.8, 1);
      break;
    }
    case sheet:  // crowded, large, uneven
      scatter(42, 1.2, 0.9, 1.5);
      break;
    case sparse:
      scatter(9, 1, 0.8, 1);
      break;
    case stream: {  // long nuclei, all along one wavy direction
      const double angle = tau * random.uniform(), c = std::cos(angle), s = std::sin(angle);
      for (int i = 0; i < 26; ++i) {
        const double x = random.uniform(0, n), y = random.uniform(0, n);
        nuclei.push_back({x, y, size * 0.75, 2.8, angle + 0.4 * std::sin(3 * (c * x + s * y) / n)});
      }
      stain(stains, {n / 2, n / 2, n, angle}, 0.1f, 0.7f,
            [](double u, double v) { return bands(v + 0.03 * std::sin(12 * u), 0.11, 0.35); });
      break;
    }
    case cluster:  // small round ones in tight clumps, empty between
      for (int clump = 0; clump < 4; ++clump) {
        const double x = n * random.uniform(0.1, 0.9), y = n * random.uniform(0.1, 0.9);
        for (int i = 0; i < 13; ++i)
          nuclei.push_back({x + 0.085 * n * random.normal(), y + 0.085 * n * random.normal(), size * 0.72, 1, 0});
      }
      break;
    default: {  // round empty cells with thin walls, nuclei pressed against them
      const double cell = n * random.uniform(0.3, 0.38), phase_x = random.uniform(), phase_y = random.uniform();
      for (int row = -1; row <= static_cast<int>(n / cell) + 1; ++row) {
        for (int column = -1; column <= static_cast<int>(n / cell) + 1; ++column) {
          const double x = (column + phase_x + 0.5 * (row & 1)) * cell, y = (row + phase_y) * cell * 0.9;
          const double radius = cell * random.uniform(0.41, 0.48), theta = tau * random.uniform();
          stain(stains, {x, y, radius, 0}, 0.01f, 0.03f, [](double u, double v) { return std::hypot(u, v) - 1; },
                {0, 0, 1});
          if (random.below(2))
            nuclei.push_back({x + radius * std::cos(theta), y + radius * std::sin(theta), size * 0.7, 1.8, theta});
        }
      }
    }
  }
  return nuclei;
}

}  // namespace

Canvas draw_tissue(int label, int domain, const Options& options, Random& random) {
  const int n = options.side;
  Canvas stains(2, n, n);
  const auto matrix = smooth_noise(random, n, n, n * 0.12, 3), fine = smooth_noise(random, n, n, 3);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    stains.plane(0)[i] = 0.08f + 0.1f * fine[i];
    stains.plane(1)[i] = 0.25f + 0.5f * matrix[i];
  }
  const double size = n * random.uniform(0.048, 0.062);
  auto nuclei = arrange(stains, label, n, size, random);
  // Difficulty: patterns fray, and cells that belong to none lie about in every tissue alike.
  for (auto& nucleus : nuclei) {
    nucleus.x += 0.15 * n * options.difficulty * random.normal();
    nucleus.y += 0.15 * n * options.difficulty * random.normal();
    nucleus.angle += 1.5 * options.difficulty * random.normal();
    nucleus.stretch = 1 + (nucleus.stretch - 1) * (1 - options.difficulty * random.uniform());
  }
  for (int i = static_cast<int>(40 * options.difficulty * random.uniform(0.4, 1)); i > 0; --i)
    nuclei.push_back({random.uniform(0, n), random.uniform(0, n), size * random.uniform(0.7, 1), random.uniform(1, 1.8),
                      tau * random.uniform()});
  for (const auto& nucleus : nuclei) {
    const auto depth = static_cast<float>(random.uniform(0.8, 1.2));
    stain(stains, {nucleus.x, nucleus.y, nucleus.radius, nucleus.angle}, depth, 0.25f,
          [stretch = nucleus.stretch](double u, double v) { return ellipse(u, v, 0, 0, stretch, 1); },
          {0, 0, nucleus.stretch});
  }

  // Beer-Lambert with the optical densities of Ruifrok and Johnston (2001); the second laboratory's stains are bluer
  // and thinner.
  const Colour blue = domain == 0 ? Colour{0.65f, 0.70f, 0.29f} : Colour{0.75f, 0.62f, 0.22f};
  const Colour pink = domain == 0 ? Colour{0.07f, 0.99f, 0.11f} : Colour{0.18f, 0.80f, 0.30f};
  const double jitter = 0.1 + 0.3 * options.difficulty;
  const double strength = (domain == 0 ? 1.2 : 0.95) * (1 + jitter * random.uniform(-1, 1));
  const double eosin = 0.55 * (1 + jitter * random.uniform(-1, 1));
  Canvas canvas(3, n, n);
  for (int c = 0; c < 3; ++c) {
    const auto k = static_cast<std::size_t>(c);
    for (std::size_t i = 0; i < matrix.size(); ++i)
      canvas.plane(c)[i] = static_cast<float>(
          0.95 * std::exp(-strength * (blue[k] * stains.plane(0)[i] + eosin * pink[k] * stains.plane(1)[i])));
  }
  develop(canvas, draw_look(random, domain, options.difficulty, {0.70f, 0.48f, 0.66f}, 0.14), random);
  return canvas;
}

}  // namespace scant::synthetic
