// What all renderers share of a chart's geometry: end points of axes, ticks, room for text.
#pragma once
#include <string>
#include <vector>

#include "results/figures/chart.hpp"

namespace scant {

/// An axis with both end points fixed.
struct Scale {
  double low = 0, high = 1;
  bool logarithmic = false, reversed = false;
  /// 0 at the axis's first end (left, bottom), 1 at its last.
  double at(double value) const;
};

struct Tick {
  double value = 0;
  std::string label;
};

/// Throws std::invalid_argument as the renderers do (chart.hpp); every renderer calls it first.
void require_drawable(const Chart& chart);

/// Of a drawable chart.
Scale x_scale(const Chart& chart);
Scale y_scale(const Chart& chart);

/// Categories by name; else about `count` multiples of 1, 2 or 5 times a power of ten (on a logarithmic axis 1, 2, 5 or
/// only the powers) between the end points.
std::vector<Tick> ticks(const Axis& axis, const Scale& scale, int count);

/// Half of a bar's width, in units of x: 0.35 of the smallest distance of two bars, or of 1.
double bar_half_width(const ChartLayer& layer);

/// About how many pixels a sans-serif text of this font size takes; for choosing room, not for exact placement.
double text_width(const std::string& text, double font_size);
/// The text's lines, broken between words so that each takes about `width` pixels at most.
std::vector<std::string> wrapped(const std::string& text, double font_size, double width);

/// At most `digits` digits after the point, without trailing zeros.
std::string short_decimal(double value, int digits);
/// A length in a picture: hundredths of a pixel.
inline std::string pixels(double value) {
  return short_decimal(value, 2);
}

}  // namespace scant
