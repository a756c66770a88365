// One function a mark.
#include "results/figures/svg_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/text.hpp"

namespace scant {
namespace {

struct Pen {
  std::string colour = "currentColor";
  Style style;
  bool named = false;
};

Pen pen_of(const ChartLayer& layer, const std::vector<Series>& series) {
  for (const Series& entry : series) {
    if (entry.name == layer.series) return {entry.style.colour, entry.style, true};
  }
  return {};
}

/// An element that may carry a tooltip.
std::string element(const std::string& name, const std::string& attributes, const std::string& tooltip) {
  if (tooltip.empty()) return fmt::format("<{} {}/>\n", name, attributes);
  return fmt::format("<{} {}><title>{}</title></{}>\n", name, attributes, html_escape(tooltip), name);
}

std::string tooltip_of(const ChartLayer& layer, std::size_t i) {
  return layer.texts.empty() ? std::string() : layer.texts[i];
}

std::string line(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  std::string points;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    const std::string x = pixels(area.px(layer.x[i])), y = pixels(area.py(layer.y[i]));
    if (layer.mark == Mark::step && i > 0) points += fmt::format(" {},{}", x, pixels(area.py(layer.y[i - 1])));
    points += fmt::format("{}{},{}", points.empty() ? "" : " ", x, y);
  }
  return fmt::format(
      "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>\n", points,
      pen.colour, pixels(1.6 * layer.weight), svg_dash(pen.style));
}

std::string band(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  std::string points;
  const auto add = [&](double x, double y) {
    points += fmt::format("{}{},{}", points.empty() ? "" : " ", pixels(area.px(x)), pixels(area.py(y)));
  };
  for (std::size_t i = 0; i < layer.x.size(); ++i) add(layer.x[i], layer.y[i]);
  for (std::size_t i = layer.x.size(); i-- > 0;) add(layer.x[i], layer.y2[i]);
  return fmt::format("<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"{}\"/>\n", points, pen.colour, band_opacity);
}

std::string points(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  std::string text;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    text += svg_shape(pen.style.shape, area.px(layer.x[i]), area.py(layer.y[i]), 3.2 * layer.weight, pen.colour,
                      tooltip_of(layer, i));
  }
  return text;
}

std::string rules(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  std::string text;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    const double x2 = layer.x2.empty() ? layer.x[i] : layer.x2[i], y2 = layer.y2.empty() ? layer.y[i] : layer.y2[i];
    text += element("line",
                    fmt::format("x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"",
                                pixels(area.px(layer.x[i])), pixels(area.py(layer.y[i])), pixels(area.px(x2)),
                                pixels(area.py(y2)), pen.colour, pixels(1.4 * layer.weight)),
                    tooltip_of(layer, i));
  }
  return text;
}

/// A rectangle between two corners given as data.
std::string box(const PlotArea& area, double x1, double y1, double x2, double y2, const std::string& paint,
                const std::string& tooltip) {
  const double left = std::min(area.px(x1), area.px(x2)), top = std::min(area.py(y1), area.py(y2));
  return element(
      "rect",
      fmt::format("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}", pixels(left), pixels(top),
                  pixels(std::abs(area.px(x2) - area.px(x1))), pixels(std::abs(area.py(y2) - area.py(y1))), paint),
      tooltip);
}

std::string bars(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  const double half = bar_half_width(layer);
  const std::string paint = fmt::format("fill=\"{}\" fill-opacity=\"{}\"", pen.colour, bar_opacity);
  std::string text;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    const double base = layer.y2.empty() ? 0 : layer.y2[i];
    text += box(area, layer.x[i] - half, base, layer.x[i] + half, layer.y[i], paint, tooltip_of(layer, i));
  }
  return text;
}

std::string cells(const ChartLayer& layer, const PlotArea& area) {
  std::string text;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    const std::string paint = fmt::format("fill=\"{}\" fill-opacity=\"{}\"", cell_colour,
                                          short_decimal(cell_opacity * std::clamp(layer.values[i], 0.0, 1.0), 3));
    text +=
        box(area, layer.x[i] - 0.5, layer.y[i] - 0.5, layer.x[i] + 0.5, layer.y[i] + 0.5, paint, tooltip_of(layer, i));
  }
  return text;
}

std::string texts(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  const char* anchor = layer.anchor == Anchor::middle ? "middle" : layer.anchor == Anchor::start ? "start" : "end";
  std::string text;
  for (std::size_t i = 0; i < layer.x.size(); ++i) {
    text += fmt::format("<text x=\"{}\" y=\"{}\" dy=\"0.35em\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n",
                        pixels(area.px(layer.x[i])), pixels(area.py(layer.y[i])), anchor, pen.colour,
                        html_escape(layer.texts[i]));
  }
  return text;
}

std::string layer_marks(const ChartLayer& layer, const PlotArea& area, const Pen& pen) {
  switch (layer.mark) {
    case Mark::line:
    case Mark::step:
      return line(layer, area, pen);
    case Mark::band:
      return band(layer, area, pen);
    case Mark::point:
      return points(layer, area, pen);
    case Mark::rule:
      return rules(layer, area, pen);
    case Mark::bar:
      return bars(layer, area, pen);
    case Mark::cell:
      return cells(layer, area);
    case Mark::text:
      return texts(layer, area, pen);
  }
  return {};
}

}  // namespace

std::string svg_line(double x1, double y1, double x2, double y2, const std::string& attributes) {
  return fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}{}/>\n", pixels(x1), pixels(y1), pixels(x2),
                     pixels(y2), attributes.empty() ? "" : " ", attributes);
}

std::string svg_shape(Shape shape, double x, double y, double radius, const std::string& colour,
                      const std::string& tooltip) {
  const std::string fill = fmt::format("fill=\"{}\" fill-opacity=\"0.8\"", colour);
  if (shape == Shape::circle) {
    return element("circle", fmt::format("cx=\"{}\" cy=\"{}\" r=\"{}\" {}", pixels(x), pixels(y), pixels(radius), fill),
                   tooltip);
  }
  // Radii that give all shapes about the same ink.
  const double square = 0.9 * radius, triangle = 1.25 * radius, diamond = 1.3 * radius;
  if (shape == Shape::cross) {
    const std::string path =
        fmt::format("d=\"M{0},{1}L{2},{3}M{0},{3}L{2},{1}\" fill=\"none\" stroke=\"{4}\" stroke-width=\"1.6\"",
                    pixels(x - square), pixels(y - square), pixels(x + square), pixels(y + square), colour);
    return element("path", path, tooltip);
  }
  std::string path;
  if (shape == Shape::square) {
    path = fmt::format("M{0},{1}H{2}V{3}H{0}Z", pixels(x - square), pixels(y - square), pixels(x + square),
                       pixels(y + square));
  } else if (shape == Shape::triangle) {
    path = fmt::format("M{},{}L{},{}H{}Z", pixels(x), pixels(y - triangle), pixels(x + 0.87 * triangle),
                       pixels(y + 0.5 * triangle), pixels(x - 0.87 * triangle));
  } else {
    path = fmt::format("M{0},{1}L{2},{3}L{0},{4}L{5},{3}Z", pixels(x), pixels(y - diamond), pixels(x + diamond),
                       pixels(y), pixels(y + diamond), pixels(x - diamond));
  }
  return element("path", fmt::format("d=\"{}\" {}", path, fill), tooltip);
}

std::string svg_dash(const Style& style) {
  if (style.dash.empty()) return {};
  std::string dash;
  for (const double length : style.dash) dash += (dash.empty() ? "" : " ") + short_decimal(length, 1);
  return fmt::format(" stroke-dasharray=\"{}\"", dash);
}

std::string svg_marks(const Chart& chart, const PlotArea& area) {
  const std::vector<Series> series = series_of(chart);
  std::string text;
  for (const ChartLayer& layer : chart.layers) text += layer_marks(layer, area, pen_of(layer, series));
  return text;
}

}  // namespace scant
