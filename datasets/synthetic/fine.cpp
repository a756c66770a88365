// Fine-grained stand-in: one bird body, eight species told apart by beak, crown and wing marks.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

struct Plumage {
  Colour body, belly, wing, mark, bill;
};

/// The three parts that decide the species: label = 4 * long beak + 2 * crest + spotted wing.
void draw_bird(Canvas& canvas, const Frame& frame, int label, const Plumage& plumage, Random& random) {
  const bool long_beak = label & 4, crest = label & 2, spots = label & 1;
  auto at = [&](const Colour& colour, auto distance, const Reach& reach = {0, 0, 1.8}) {
    paint(canvas, frame, colour, 1, distance, reach);
  };

  for (double leg : {-0.12, 0.12})
    at(plumage.bill, [=](double u, double v) { return segment(u, v, leg, 0.35, leg + 0.06, 0.85, 0.035); });
  const double tail = random.uniform(-0.15, 0.2);
  at(plumage.wing, [=](double u, double v) { return segment(u, v, -0.55, 0.0, -1.15, tail, 0.11); });
  if (crest)
    for (double angle : {-2.7, -2.2, -1.7})
      at(plumage.wing, [=](double u, double v) {
        return wedge(u, v, 0.56, -0.45, 0.56 + 0.85 * std::cos(angle), -0.45 + 0.85 * std::sin(angle), 0.2);
      });
  at(plumage.body, [](double u, double v) { return ellipse(u, v, 0, 0, 0.68, 0.42); });
  at(plumage.belly, [](double u, double v) { return ellipse(u, v, 0.12, 0.17, 0.45, 0.22); });
  at(plumage.body, [](double u, double v) { return disc(u, v, 0.58, -0.42, 0.28); });
  const double length = long_beak ? random.uniform(0.75, 0.9) : random.uniform(0.22, 0.3);
  at(plumage.bill, [=](double u, double v) { return wedge(u, v, 0.78, -0.42, 0.8 + length, -0.36, 0.17); });
  at({0.05f, 0.05f, 0.05f}, [](double u, double v) { return disc(u, v, 0.66, -0.49, 0.06); }, {0.66, -0.49, 0.07});

  at(plumage.wing, [](double u, double v) { return ellipse(u, v, -0.18, -0.04, 0.55, 0.31); });
  if (spots) {
    for (const auto& c : {std::pair{-0.46, -0.04}, {-0.16, -0.15}, {-0.16, 0.1}, {0.14, -0.04}})
      at(plumage.mark, [=](double u, double v) { return disc(u, v, c.first, c.second, 0.1); },
         {c.first, c.second, 0.11});
  } else {
    for (double cv : {-0.16, 0.0, 0.16})
      at(plumage.mark, [=](double u, double v) { return segment(u, v, -0.5, cv, 0.16, cv, 0.045); });
  }
}

}  // namespace

Canvas draw_fine(int label, int domain, const Options& options, Random& random) {
  // Photographs are of no common size.
  const int height = options.side + static_cast<int>(random.below(static_cast<std::uint64_t>(options.side) / 6 + 1));
  const int width =
      options.side * 5 / 4 + static_cast<int>(random.below(static_cast<std::uint64_t>(options.side) / 4 + 1));
  Canvas canvas(3, height, width);
  const double level = random.uniform(0.4, 0.6);
  const Colour near = random_colour(random, level, 0.15), far = random_colour(random, level, 0.15);
  const auto foliage = smooth_noise(random, height, width, height * random.uniform(0.1, 0.4), 3);
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < foliage.size(); ++i)
      canvas.plane(c)[i] = near[static_cast<std::size_t>(c)] +
                           (far[static_cast<std::size_t>(c)] - near[static_cast<std::size_t>(c)]) * foliage[i];

  const double scale = height * random.uniform(0.43 - 0.1 * options.difficulty, 0.46);
  const double reach = 0.05 + 0.1 * options.difficulty;
  Frame frame{width * (0.46 + random.uniform(-reach, reach)), height * (0.54 + random.uniform(-reach, reach)), scale,
              (0.1 + 0.4 * options.difficulty) * random.uniform(-1, 1), 1};
  if (random.below(2)) {  // facing left: half a turn, then upside down
    frame.mirror = -1;
    frame.angle += tau / 2;
    frame.cx = width - frame.cx;
  }
  const Frame perch{frame.cx, frame.cy + 0.92 * scale, scale, random.uniform(-0.2, 0.2)};
  paint(canvas, perch, random_colour(random, level - 0.25, 0.08), 1,
        [](double u, double v) { return segment(u, v, -4, 0, 4, 0, 0.09); });
  // Marks are light on a dark wing in all species, or their sign would be one more thing to learn.
  const double tone = random.uniform(0.22, 0.35);
  const Plumage plumage{random_colour(random, level + 0.5 * tone, 0.15), random_colour(random, level + tone, 0.12),
                        random_colour(random, level - 0.7 * tone, 0.08),
                        random_colour(random, level + 1.3 * tone, 0.08),
                        random_colour(random, level - 0.9 * tone, 0.08)};
  draw_bird(canvas, frame, label, plumage, random);
  for (int i = static_cast<int>(5 * options.difficulty * random.uniform()); i > 0; --i) {  // twigs in front
    const Frame twig{random.uniform(0, width), random.uniform(0, height), scale, tau * random.uniform()};
    paint(canvas, twig, random_colour(random, level, 0.2), 0.9,
          [](double u, double v) { return segment(u, v, -0.8, 0, 0.8, 0, 0.03); }, {0, 0, 0.9});
  }
  develop(canvas, draw_look(random, domain, options.difficulty, {0.47f, 0.50f, 0.44f}, 0.18), random);
  return canvas;
}

}  // namespace scant::synthetic
