// Signed distances of simple shapes in object units: negative inside, exact enough for a one-pixel edge.
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

namespace scant::synthetic {

constexpr double tau = 2 * std::numbers::pi;

inline double ellipse(double u, double v, double cu, double cv, double a, double b) {
  const double x = (u - cu) / a, y = (v - cv) / b;
  return (std::sqrt(x * x + y * y) - 1) * std::min(a, b);
}

inline double disc(double u, double v, double cu, double cv, double r) {
  return std::hypot(u - cu, v - cv) - r;
}

inline double box(double u, double v, double cu, double cv, double half_width, double half_height) {
  return std::max(std::abs(u - cu) - half_width, std::abs(v - cv) - half_height);
}

/// A line from (u0, v0) to (u1, v1) with round ends, `r` is half its width.
inline double segment(double u, double v, double u0, double v0, double u1, double v1, double r) {
  const double du = u1 - u0, dv = v1 - v0;
  const double t = std::clamp(((u - u0) * du + (v - v0) * dv) / (du * du + dv * dv + 1e-12), 0.0, 1.0);
  return std::hypot(u - u0 - t * du, v - v0 - t * dv) - r;
}

/// A tapering wedge: as `segment`, but the half width falls from `r` to zero at the far end.
inline double wedge(double u, double v, double u0, double v0, double u1, double v1, double r) {
  const double du = u1 - u0, dv = v1 - v0;
  const double t = std::clamp(((u - u0) * du + (v - v0) * dv) / (du * du + dv * dv + 1e-12), 0.0, 1.0);
  return std::hypot(u - u0 - t * du, v - v0 - t * dv) - r * (1 - t);
}

/// Regular polygon with `sides` corners of circumradius 1; one corner at angle 0.
inline double polygon(double u, double v, int sides) {
  const double sector = tau / sides;
  const double angle = std::atan2(v, u);
  const double folded = angle - sector * std::floor(angle / sector) - sector / 2;
  return std::hypot(u, v) * std::cos(folded) - std::cos(sector / 2);
}

/// Parallel bands along v: `period` apart, `share` of it inside.
inline double bands(double u, double period, double share) {
  const double t = u / period - std::floor(u / period);
  return (std::abs(t - 0.5) - share / 2) * period;
}

}  // namespace scant::synthetic
