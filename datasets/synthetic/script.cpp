// Manuscript stand-in: lines of invented letters, whose script shows in slant, roundness, loops, feet and pen contrast.
#include "datasets/synthetic/recipes.hpp"
#include "datasets/synthetic/shapes.hpp"

namespace scant::synthetic {
namespace {

/// How a scribe of one school writes. Lengths in x-heights.
struct Hand {
  double slant;      // shear, positive leans right
  double roundness;  // 0 = bowls are broken lozenges, 1 = circles
  double ascender;   // height above the x-line
  bool loops;        // ascenders end in a loop
  bool feet;         // lozenges below and above every minim
  bool bars;         // thin horizontal serifs
  bool joins;        // strokes run into the next letter
  double width;      // of a letter
};

// Rotunda, Cursiva, Textura, Uncial, Gothica, Antiqua. Each differs from every other in at least two traits.
constexpr std::array<Hand, 6> hands{{{0.0, 1.0, 0.5, false, false, false, false, 0.8},
                                     {0.42, 0.8, 0.9, true, false, false, true, 0.75},
                                     {0.0, 0.0, 0.45, false, true, false, false, 0.6},
                                     {0.0, 1.0, 0.15, false, false, true, false, 1.15},
                                     {-0.12, 0.0, 0.9, true, false, false, false, 0.8},
                                     {0.0, 0.6, 0.8, false, false, true, false, 0.85}}};

/// Paints strokes given in letter coordinates (u right from the letter's left edge, v up from the base line).
class Pen {
 public:
  Pen(Canvas& canvas, const Frame& line, double slant, double thickness, float ink)
      : canvas_(canvas), line_(line), slant_(slant), thickness_(thickness), ink_{ink, ink, ink} {}

  void line(double left, double u0, double v0, double u1, double v1, double weight = 1) {
    const double r = thickness_ * weight;
    stamp(left, {(u0 + u1) / 2, (v0 + v1) / 2, std::hypot(u1 - u0, v1 - v0) / 2 + r},
          [=](double u, double v) { return segment(u, v, u0, v0, u1, v1, r); });
  }
  void bowl(double left, double cu, double cv, double a, double b, double roundness, double weight = 1) {
    const double r = thickness_ * weight;
    stamp(left, {cu, cv, 1.25 * std::max(a, b) + r}, [=](double u, double v) {
      const double x = std::abs(u - cu) / a, y = std::abs(v - cv) / b;
      const double round = std::hypot(x, y), lozenge = x + y;
      return std::abs((roundness * round + (1 - roundness) * lozenge * 0.85) - 1) * std::min(a, b) - r;
    });
  }

 private:
  /// Shears letter coordinates by the slant and lays them on the line.
  template <class Distance>
  void stamp(double left, const Reach& reach, Distance distance) {
    paint(canvas_, line_, ink_, 1, [&](double u, double v) { return distance(u - left + slant_ * v, -v); },
          {left + reach.u + slant_ * reach.v, -reach.v, reach.radius * (1 + std::abs(slant_))});
  }

  Canvas& canvas_;
  Frame line_;
  double slant_, thickness_;
  Colour ink_;
};

/// A minim: the upright stroke that most letters consist of.
void minim(Pen& pen, const Hand& hand, double left, double u, double top) {
  pen.line(left, u, 0, u, top);
  if (hand.feet)
    for (double v : {0.0, top}) pen.line(left, u - 0.13, v + 0.1, u + 0.13, v - 0.1, 1.1);
  if (hand.bars)
    for (double v : {0.0, top}) pen.line(left, u - 0.2, v, u + 0.2, v, 0.55);
}

/// The same hand with every trait left out once in a while: no scribe keeps to the school in each letter.
Hand lapse(Hand hand, double chance, Random& random) {
  for (bool* trait : {&hand.loops, &hand.feet, &hand.bars, &hand.joins})
    if (random.uniform() < chance) *trait = false;
  hand.roundness = std::clamp(hand.roundness + chance * random.uniform(-1, 1), 0.0, 1.0);
  return hand;
}

/// One invented letter; its skeleton is drawn at random and is the same for all hands. Returns its width.
double letter(Pen& pen, const Hand& hand, double left, Random& random) {
  const double w = hand.width, bowl = 0.42 * w;
  double advance = w;
  switch (random.below(6)) {
    case 0:  // i
      minim(pen, hand, left, 0.1, 1);
      advance = 0.3 * w + 0.1;
      break;
    case 1:  // n, m
      minim(pen, hand, left, 0.1, 1);
      minim(pen, hand, left, 0.1 + 0.62 * w, 1);
      pen.line(left, 0.1, 0.8, 0.1 + 0.62 * w, 0.98, 0.7);
      break;
    case 2:  // o, e
      pen.bowl(left, bowl, 0.5, bowl, 0.5, hand.roundness);
      break;
    case 3:  // b, h, l
      minim(pen, hand, left, 0.1, 1 + hand.ascender);
      if (hand.loops) pen.bowl(left, 0.32, 1 + 0.75 * hand.ascender, 0.24, 0.3, hand.roundness, 0.8);
      pen.bowl(left, 0.1 + bowl, 0.5, bowl, 0.5, hand.roundness);
      advance = w + 0.1;
      break;
    case 4:  // p, q
      minim(pen, hand, left, 0.1, 1);
      pen.line(left, 0.1, 0, 0.1, -0.5 - 0.3 * hand.ascender);
      pen.bowl(left, 0.1 + bowl, 0.5, bowl, 0.5, hand.roundness);
      advance = w + 0.1;
      break;
    default:  // v, x
      pen.line(left, 0.05, 1, 0.45 * w, 0);
      pen.line(left, 0.85 * w, 1, 0.45 * w, 0, 0.7);
      if (hand.bars) pen.line(left, -0.12, 1, 0.25, 1, 0.55);
  }
  if (hand.joins) pen.line(left, advance - 0.25, 0.05, advance + 0.3, 0.55, 0.6);
  return advance + 0.22;
}

}  // namespace

Canvas draw_script(int label, int domain, const Options& options, Random& random) {
  const int height = options.side, width = options.side * 3 / 2;
  Canvas canvas(1, height, width);
  const auto parchment = smooth_noise(random, height, width, height * 0.4, 3);
  for (std::size_t i = 0; i < parchment.size(); ++i)
    canvas.values[i] = 0.78f + static_cast<float>(0.15 + 0.3 * options.difficulty) * (parchment[i] - 0.5f);

  // The scribe: small deviations from the school.
  Hand hand = hands[static_cast<std::size_t>(label)];
  hand.slant += (0.03 + 0.4 * options.difficulty) * random.uniform(-1, 1);
  hand.ascender *= random.uniform(0.85, 1.15);
  hand.width *= random.uniform(0.9, 1.1);
  const double x_height = height * random.uniform(0.125, 0.16), spacing = x_height * random.uniform(2.7, 3.1);
  const double angle = (0.03 + 0.12 * options.difficulty) * random.uniform(-1, 1);
  const double thickness = random.uniform(0.07, 0.11);
  const auto ink = static_cast<float>(random.uniform(0.12, 0.35));
  for (double base = spacing * random.uniform(0.2, 0.9); base < height + spacing; base += spacing) {
    const Frame line{0, base - angle * width / 2, x_height, angle};
    Pen pen(canvas, line, hand.slant, thickness, ink);
    for (double left = random.uniform(-1, 0.2); left < width / x_height + 1;) {
      left += letter(pen, lapse(hand, 1.2 * options.difficulty, random), left, random);
      if (random.below(4) == 0) left += 0.5;  // between words
    }
  }
  Look look = draw_look(random, domain, options.difficulty, {0.62f, 0.62f, 0.62f}, 0.18);
  look.blur += 0.3;  // ink bleeds
  develop(canvas, look, random);
  return canvas;
}

}  // namespace scant::synthetic
