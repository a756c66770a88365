// How series look, alike in every renderer: colours that colour-blind readers tell apart (Okabe and Ito, Color
// Universal Design, 2008; without their black and yellow, which vanish on dark and on white pages), dashes and marker
// shapes.
#pragma once
#include <string>
#include <vector>

#include "results/figures/chart.hpp"

namespace scant {

enum class Shape { circle, square, triangle, diamond, cross };

/// Neighbours differ in colour and in shape; no two of 30 agree in colour, dash and shape.
struct Style {
  std::string colour;        // #rrggbb
  std::vector<double> dash;  // pixels on and off by turns; empty: a full line
  Shape shape = Shape::circle;
};
Style style_of(std::size_t series);

/// One entry of a legend: what a series is drawn with anywhere in the chart.
struct Series {
  std::string name;
  Style style;
  bool line = false, point = false, area = false;
};
/// Named series by first use.
std::vector<Series> series_of(const Chart& chart);

/// Shade of cells, from transparent (0) to this colour (1), and how opaque 1 is, so that text on it can be read.
inline constexpr const char* cell_colour = "#0072B2";
inline constexpr double cell_opacity = 0.8;
inline constexpr double band_opacity = 0.16;
inline constexpr double bar_opacity = 0.75;

}  // namespace scant
