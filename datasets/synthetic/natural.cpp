// Natural-image stand-in: ten shapes and textures in any pose and colour on a cluttered background.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

double star(double u, double v) {
  const double sector = tau / 5, angle = std::atan2(v, u);
  const double folded = std::abs(angle - sector * std::round(angle / sector));
  // The edge runs from the tip (1, 0) to the notch, 0.42 out and half a sector on.
  const double x = std::hypot(u, v) * std::cos(folded), y = std::hypot(u, v) * std::sin(folded);
  const double nx = 0.42 * std::cos(sector / 2), ny = 0.42 * std::sin(sector / 2);
  return ((x - 1) * ny + y * (1 - nx)) / std::hypot(ny, 1 - nx);
}

double arrow(double u, double v) {
  const double shaft = box(u, v, -0.35, 0, 0.6, 0.16);
  const double head = std::max({-u + 0.1, 0.8 * (u - 1) + 0.6 * v, 0.8 * (u - 1) - 0.6 * v});
  return std::min(shaft, head);
}

double checker(double u, double v) {
  const double a = bands(u, 0.8, 0.5), b = bands(v, 0.8, 0.5);
  return std::min(std::max(a, b), std::max(-a, -b));
}

double dots(double u, double v) {
  const double p = 0.58;
  return disc(u - p * std::round(u / p), v - p * std::round(v / p), 0, 0, 0.19);
}

/// Signed distance of the class's shape, about the unit disc in size. `wobble` bends the outline of the textures.
double shape(int label, double u, double v, double wobble) {
  const double r = std::hypot(u, v);
  auto patch = [&](double texture) {
    return std::max(r - (0.95 + 0.12 * std::sin(3 * std::atan2(v, u) + wobble)), texture);
  };
  switch (label) {
    case 0:
      return r - 0.85;
    case 1:
      return std::abs(r - 0.72) - 0.2;
    case 2:
      return polygon(u, v, 3);
    case 3:
      return polygon(u, v, 4);
    case 4:
      return std::min(box(u, v, 0, 0, 1, 0.27), box(u, v, 0, 0, 0.27, 1));
    case 5:
      return star(u, v);
    case 6:
      return arrow(u, v);
    case 7:
      return patch(bands(u, 0.46, 0.5));
    case 8:
      return patch(checker(u, v));
    default:
      return patch(dots(u, v));
  }
}

void clutter(Canvas& canvas, double difficulty, double level, Random& random) {
  const double n = canvas.height;
  int pieces = 2 + static_cast<int>(random.below(3));
  pieces += static_cast<int>(14 * difficulty * random.uniform());
  for (int i = 0; i < pieces; ++i) {
    const Frame frame{random.uniform(0, n), random.uniform(0, n), n * random.uniform(0.05, 0.14),
                      tau * random.uniform()};
    const Colour colour = random_colour(random, level + 0.12 * random.normal(), 0.2);
    if (random.below(2) == 0)
      paint(canvas, frame, colour, 0.8, [](double u, double v) { return segment(u, v, -2, 0, 2, 0, 0.22); },
            {0, 0, 2.3});
    else
      paint(canvas, frame, colour, 0.8, [](double u, double v) { return ellipse(u, v, 0, 0, 1, 0.6); }, {0, 0, 1});
  }
}

}  // namespace

Canvas draw_natural(int label, int domain, const Options& options, Random& random) {
  const int n = options.side;
  Canvas canvas(3, n, n);
  const double level = random.uniform(0.35, 0.65);
  const Colour from = random_colour(random, level, 0.2), to = random_colour(random, level, 0.2);
  const auto field = smooth_noise(random, n, n, n * random.uniform(0.2, 0.5), 2);
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < field.size(); ++i)
      canvas.plane(c)[i] = from[static_cast<std::size_t>(c)] +
                           (to[static_cast<std::size_t>(c)] - from[static_cast<std::size_t>(c)]) * field[i];
  clutter(canvas, options.difficulty, level, random);

  const double reach = n * (0.06 + 0.2 * options.difficulty);
  Frame frame{(n - 1) / 2.0 + random.uniform(-reach, reach), (n - 1) / 2.0 + random.uniform(-reach, reach),
              n * random.uniform(0.40 - 0.25 * options.difficulty, 0.44), tau * random.uniform()};
  // Darker or lighter than what lies behind, as often the one as the other.
  const double strength = random.uniform(0.28, 0.5) * (1 - 0.4 * options.difficulty);
  const double contrast = random.below(2) ? strength : -strength;
  const double wobble = tau * random.uniform();
  paint(canvas, frame, random_colour(random, level + contrast, 0.15), 1,
        [&](double u, double v) { return shape(label, u, v, wobble); });
  develop(canvas, draw_look(random, domain, options.difficulty, {0.48f, 0.48f, 0.46f}, 0.18), random);
  return canvas;
}

}  // namespace scant::synthetic
