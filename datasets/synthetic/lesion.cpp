// Skin-lesion stand-in: seven diagnoses by border, symmetry and surface structure, never by overall colour.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

enum Diagnosis { mel, nv, bcc, akiec, bkl, df, vasc };

/// A closed outline r(theta) around 1, as a sum of harmonics.
class Outline {
 public:
  Outline(Random& random, int lowest, int highest, double amplitude) : lowest_(lowest) {
    for (int k = lowest; k <= highest; ++k) {
      amplitudes_.push_back(amplitude * random.uniform(0.6, 1.2) * std::sqrt(static_cast<double>(lowest) / k));
      phases_.push_back(tau * random.uniform());
    }
  }
  double operator()(double u, double v) const {
    const double theta = std::atan2(v, u);
    double radius = 1;
    for (std::size_t i = 0; i < amplitudes_.size(); ++i)
      radius += amplitudes_[i] * std::cos((lowest_ + static_cast<double>(i)) * theta + phases_[i]);
    return std::hypot(u, v) - radius;
  }

 private:
  int lowest_;
  std::vector<double> amplitudes_, phases_;
};

Outline outline_of(int label, Random& random) {
  switch (label) {
    case mel:
      return {random, 2, 6, 0.13};
    case akiec:
      return {random, 7, 13, 0.07};
    case bkl:
      return {random, 5, 7, 0.06};
    default:
      return {random, 2, 3, 0.05};
  }
}

/// Net of dark lines, `cell` apart, where `where(u, v)` is negative.
template <class Where>
void network(Canvas& canvas, const Frame& frame, const Colour& ink, double cell, double opacity, Where where) {
  paint(canvas, frame, ink, opacity,
        [=](double u, double v) {
          const double a = bands(u + 0.05 * std::sin(9 * v), cell, 0.34),
                       b = bands(v + 0.05 * std::sin(8 * u), cell, 0.34);
          return std::max(std::min(a, b), where(u, v));
        },
        {0, 0, 1.8});
}

void specks(Canvas& canvas, const Frame& frame, const Colour& colour, int count, double reach, double low, double high,
            Random& random) {
  for (int i = 0; i < count; ++i) {
    const double r = reach * std::sqrt(random.uniform()), theta = tau * random.uniform();
    const double size = random.uniform(low, high), u0 = r * std::cos(theta), v0 = r * std::sin(theta);
    paint(canvas, frame, colour, 0.9, [=](double u, double v) { return disc(u, v, u0, v0, size); }, {u0, v0, size});
  }
}

void vessels(Canvas& canvas, const Frame& frame, const Colour& colour, Random& random) {
  for (int trunk = 0; trunk < 3; ++trunk) {
    const double a = tau * (trunk + random.uniform(0, 0.6)) / 3;
    const double u0 = 1.0 * std::cos(a), v0 = 1.0 * std::sin(a), u1 = 0.25 * std::cos(a + 0.5),
                 v1 = 0.25 * std::sin(a + 0.5);
    paint(canvas, frame, colour, 0.9, [=](double u, double v) { return segment(u, v, u0, v0, u1, v1, 0.055); },
          {0, 0, 1.1});
    for (double bend : {-0.9, 0.9}) {
      const double um = (u0 + u1) / 2, vm = (v0 + v1) / 2;
      const double ue = um + 0.4 * std::cos(a + 3.1 + bend), ve = vm + 0.4 * std::sin(a + 3.1 + bend);
      paint(canvas, frame, colour, 0.9, [=](double u, double v) { return segment(u, v, um, vm, ue, ve, 0.04); },
            {um, vm, 0.5});
    }
  }
}

void surface(Canvas& canvas, const Frame& frame, int label, const Colour& brown, const Outline& outline,
             double contrast, Random& random) {
  auto shade = [&](double by) {
    const auto step = static_cast<float>(contrast * by);
    return Colour{brown[0] + step, brown[1] + step, brown[2] + step};
  };
  auto inside = [&outline](double margin) {
    return [&outline, margin](double u, double v) { return outline(u, v) + margin; };
  };
  switch (label) {
    case mel: {  // two halves that do not match: a darker lobe and a coarse net on one side only
      const double cu = random.uniform(0.3, 0.45);
      paint(canvas, frame, shade(-0.16), 0.9,
            [&](double u, double v) { return std::max(ellipse(u, v, cu, 0, 0.6, 0.75), outline(u, v) + 0.08); },
            {cu, 0, 0.75});
      network(canvas, frame, shade(-0.2), 0.42, 0.8,
              [&](double u, double v) { return std::max(outline(u, v) + 0.1, u); });
      break;
    }
    case nv:  // an even net over everything
      network(canvas, frame, shade(-0.2), 0.3, 0.8, inside(0.1));
      break;
    case bcc:
      vessels(canvas, frame,
              {brown[0] + 0.05f, brown[1] - static_cast<float>(0.22 * contrast),
               brown[2] - static_cast<float>(0.18 * contrast)},
              random);
      break;
    case akiec:  // light scale on the surface
      for (int i = 0; i < 12; ++i) {
        const double r = 0.8 * std::sqrt(random.uniform()), theta = tau * random.uniform(),
                     turn = tau * random.uniform();
        const double u0 = r * std::cos(theta), v0 = r * std::sin(theta), du = 0.16 * std::cos(turn),
                     dv = 0.16 * std::sin(turn);
        paint(canvas, frame, shade(0.25), 0.8,
              [=](double u, double v) { return segment(u, v, u0 - du, v0 - dv, u0 + du, v0 + dv, 0.05); },
              {u0, v0, 0.25});
      }
      break;
    case bkl:  // dark plugs and light cysts
      specks(canvas, frame, shade(-0.25), 9, 0.8, 0.06, 0.11, random);
      specks(canvas, frame, shade(0.28), 7, 0.8, 0.05, 0.09, random);
      break;
    case df:  // a light centre inside a thin net
      network(canvas, frame, shade(-0.12), 0.26, 0.6, inside(0.1));
      paint(canvas, frame, shade(0.3), 0.9, [w = random.uniform(0.38, 0.5)](double u, double v) {
        return std::hypot(u, v) - w * (1 + 0.2 * std::cos(5 * std::atan2(v, u)));
      });
      break;
    default:  // lagoons, apart from each other
      for (int i = 0; i < 7; ++i) {
        const double theta = tau * i / 6, r = i == 6 ? 0.0 : random.uniform(0.58, 0.68),
                     size = random.uniform(0.2, 0.29);
        paint(canvas, frame, shade(-0.2), 0.95,
              [=](double u, double v) { return disc(u, v, r * std::cos(theta), r * std::sin(theta), size); },
              {0, 0, 1});
      }
  }
}

}  // namespace

Canvas draw_lesion(int label, int domain, const Options& options, Random& random) {
  const int height = options.side, width = options.side * 4 / 3;  // the camera's 600 x 450
  Canvas canvas(3, height, width);
  const Colour skin{0.78f, 0.58f, 0.52f};
  const auto mottle = smooth_noise(random, height, width, height * 0.3, 3);
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < mottle.size(); ++i)
      canvas.plane(c)[i] = skin[static_cast<std::size_t>(c)] + 0.16f * (mottle[i] - 0.5f);

  const double reach = 0.05 + 0.15 * options.difficulty;
  const Frame frame{width * (0.5 + random.uniform(-reach, reach)), height * (0.5 + random.uniform(-reach, reach)),
                    height * random.uniform(0.34 - 0.16 * options.difficulty, 0.38), tau * random.uniform(),
                    random.below(2) ? 1.0 : -1.0};
  const Outline outline = outline_of(label, random);
  Colour brown{0.52f, 0.36f, 0.30f};
  const double tan = 0.04 * random.normal();
  for (auto& component : brown) component += static_cast<float>(tan + 0.015 * random.normal());
  // A soft rim, then the body.
  paint(canvas, frame, {0.65f, 0.47f, 0.41f}, 0.6, [&](double u, double v) { return outline(u, v) - 0.06; },
        {0, 0, 1.8});
  paint(canvas, frame, brown, 0.9, [&](double u, double v) { return outline(u, v); }, {0, 0, 1.8});
  surface(canvas, frame, label, brown, outline, 1 - 0.75 * options.difficulty, random);

  for (int i = static_cast<int>((2 + 10 * options.difficulty) * random.uniform()); i > 0; --i) {  // hair
    const Frame hair{random.uniform(0, width), random.uniform(0, height), height * random.uniform(0.2, 0.6),
                     tau * random.uniform()};
    const double bow = random.uniform(-0.3, 0.3);
    paint(canvas, hair, {0.18f, 0.12f, 0.1f}, 0.7,
          [=](double u, double v) { return std::max(std::abs(v - bow * (1 - u * u)) - 0.012, std::abs(u) - 1); },
          {0, 0, 1.1});
  }
  develop(canvas, draw_look(random, domain, options.difficulty, {0.68f, 0.50f, 0.45f}, 0.13), random);
  return canvas;
}

}  // namespace scant::synthetic
