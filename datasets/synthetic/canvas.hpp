// A float canvas and the few painting operations that all stand-in images are made of.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "harness/core/random.hpp"

namespace scant::synthetic {

using Colour = std::array<float, 3>;

/// C x height x width, nominally in [0,1].
struct Canvas {
  int channels = 3, height = 0, width = 0;
  std::vector<float> values;

  Canvas(int c, int h, int w, float fill = 0.f)
      : channels(c), height(h), width(w), values(static_cast<std::size_t>(c) * h * w, fill) {}
  float* plane(int c) { return values.data() + static_cast<std::size_t>(c) * height * width; }
  const float* plane(int c) const { return values.data() + static_cast<std::size_t>(c) * height * width; }
};

/// Where an object stands: a pixel (x, y) has the object coordinates R(-angle) ((x, y) - centre) / scale, the second
/// one then multiplied by `mirror`.
struct Frame {
  double cx = 0, cy = 0, scale = 1, angle = 0, mirror = 1;
};

/// Where an object can have ink at all, in object coordinates: painting visits no pixel beyond it.
struct Reach {
  double u = 0, v = 0, radius = 1e6;
};

/// Paints `colour` where `distance(u, v)` (signed, object units, negative inside) is below zero, with an edge one pixel
/// wide. Only the first `canvas.channels` components of the colour are used.
template <class Distance>
void paint(Canvas& canvas, const Frame& frame, const Colour& colour, double opacity, Distance distance,
           const Reach& reach = {}) {
  const double cosine = std::cos(frame.angle), sine = std::sin(frame.angle);
  const double c = cosine / frame.scale, s = sine / frame.scale;
  const double px = frame.cx + frame.scale * (cosine * reach.u - sine * frame.mirror * reach.v);
  const double py = frame.cy + frame.scale * (sine * reach.u + cosine * frame.mirror * reach.v);
  const double radius = reach.radius * frame.scale + 1;
  const int planes = std::min(canvas.channels, 3);
  const int x0 = static_cast<int>(std::clamp(px - radius, 0.0, canvas.width + 0.0));
  const int x1 = static_cast<int>(std::clamp(px + radius + 1, 0.0, canvas.width + 0.0));
  const int y0 = static_cast<int>(std::clamp(py - radius, 0.0, canvas.height + 0.0));
  const int y1 = static_cast<int>(std::clamp(py + radius + 1, 0.0, canvas.height + 0.0));
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const double dx = x - frame.cx, dy = y - frame.cy;
      const double u = c * dx + s * dy, v = frame.mirror * (c * dy - s * dx);
      const double cover = 0.5 - distance(u, v) * frame.scale;
      if (cover <= 0) continue;
      const float alpha = static_cast<float>(opacity * std::min(cover, 1.0));
      const std::size_t at = static_cast<std::size_t>(y) * canvas.width + x;
      for (int k = 0; k < planes; ++k)
        canvas.plane(k)[at] += alpha * (colour[static_cast<std::size_t>(k)] - canvas.plane(k)[at]);
    }
  }
}

/// Smooth random field, height x width in about [0,1]: value noise with the given cell size in pixels, each further
/// octave with half the cell and half the weight.
std::vector<float> smooth_noise(Random& random, int height, int width, double cell, int octaves = 1);

/// How an image was taken; drawn per image and never from its class. Domains differ in all of it.
struct Look {
  Colour mean{0.5f, 0.5f, 0.5f};  // of the finished image
  double spread = 0.2;            // standard deviation of the finished image over all channels; 0 keeps what is there
  double blur = 0;                // Gaussian sigma in pixels
  double grain = 0.02;            // sigma of the pixel noise
};

/// A look for natural-light images around `base`: difficulty widens the jitter and adds grain, domain 1 is warmer,
/// flatter and softer.
Look draw_look(Random& random, int domain, double difficulty, const Colour& base, double spread);

/// Gives the canvas the look: blur, then every channel's mean and the common spread, then grain, then clipping to
/// [0,1]. After it, mean colour says nothing about the class.
void develop(Canvas& canvas, const Look& look, Random& random);

void blur(Canvas& canvas, double sigma);

/// Adds noise of standard deviation `sigma` to every value.
void add_grain(Canvas& canvas, double sigma, Random& random);

/// A colour whose components lie within `spread` of a common gray of `level`.
Colour random_colour(Random& random, double level, double spread);

}  // namespace scant::synthetic
