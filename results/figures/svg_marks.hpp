// The marks of a chart as SVG elements, in pixels.
#pragma once
#include <string>

#include "results/figures/chart.hpp"
#include "results/figures/palette.hpp"
#include "results/figures/scale.hpp"

namespace scant {

/// Where the plotted area lies in the picture.
struct PlotArea {
  Scale x, y;
  double left = 0, top = 0, width = 0, height = 0;
  double px(double value) const { return left + width * x.at(value); }
  double py(double value) const { return top + height * (1 - y.at(value)); }
};

std::string svg_line(double x1, double y1, double x2, double y2, const std::string& attributes);
/// `tooltip`: empty for none.
std::string svg_shape(Shape shape, double x, double y, double radius, const std::string& colour,
                      const std::string& tooltip = {});
/// "stroke-dasharray" with its value, or nothing for a full line; begins with a space.
std::string svg_dash(const Style& style);

/// All layers in their order, of a drawable chart.
std::string svg_marks(const Chart& chart, const PlotArea& area);

}  // namespace scant
