// Charts as SVG 1.1: margins from the labels' widths, the legend beside the plotted area.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/figures/svg_marks.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr double font = 11, title_font = 13, line_height = 15, legend_row = 17, legend_gap = 14, legend_sample = 30;
constexpr double tilt = 40;  // degrees, of category labels that do not fit side by side
constexpr double least_category = 13;
constexpr const char* axis_stroke = "stroke=\"currentColor\"";

double widest(const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, font));
  return width;
}

struct Layout {
  PlotArea area;
  std::vector<Tick> x_ticks, y_ticks;
  std::vector<std::string> title;
  std::vector<Series> legend;
  bool tilted = false;  // labels below the x axis
  double x_labels = 0;  // height of those labels
  double width = 0, height = 0;
};

/// Ticks of number lines: one in about so many pixels.
int tick_count(double pixels_along, double pixels_each) {
  return std::max(2, static_cast<int>(pixels_along / pixels_each));
}

void lay_out_x_labels(Layout& layout, const Chart& chart) {
  layout.x_ticks = ticks(chart.x, layout.area.x, tick_count(layout.area.width, 70));
  if (chart.x.hidden) return;
  const double slot = layout.area.width / std::max<double>(1, static_cast<double>(chart.x.categories.size()));
  layout.tilted = !chart.x.categories.empty() && widest(layout.x_ticks) > slot - 6;
  const double tilt_radians = tilt * std::acos(-1.0) / 180;
  layout.x_labels = 8 + (layout.tilted ? widest(layout.x_ticks) * std::sin(tilt_radians) + font : font);
  if (!layout.tilted) return;
  // The first label reaches to the left of its tick.
  const double reach = widest(layout.x_ticks) * std::cos(tilt_radians) - slot / 2 + 4;
  const double more = std::max(0.0, reach - layout.area.left);
  layout.area.left += more;
  layout.area.width -= more;
}

Layout layout_of(const Chart& chart) {
  Layout layout;
  PlotArea& area = layout.area;
  area.x = x_scale(chart);
  area.y = y_scale(chart);
  layout.y_ticks = ticks(chart.y, area.y, tick_count(chart.height, 45));
  layout.legend = series_of(chart);
  const double title_room = chart.y.title.empty() ? 0 : line_height + 3;
  area.left = chart.y.hidden ? 8 : widest(layout.y_ticks) + 12 + title_room;
  area.width = chart.width - area.left - 14;
  lay_out_x_labels(layout, chart);

  double legend_width = 0;
  for (const Series& series : layout.legend) {
    legend_width = std::max(legend_width, legend_gap + legend_sample + 14 + text_width(series.name, font));
  }
  layout.width = chart.width + legend_width;
  layout.title = chart.title.empty() ? std::vector<std::string>{} : wrapped(chart.title, title_font, layout.width - 20);
  area.top = 8 + (title_font + 5) * static_cast<double>(layout.title.size());
  const double below = (chart.x.hidden ? 8 : layout.x_labels + 8) + (chart.x.title.empty() ? 0 : line_height + 2);
  area.height = std::max({chart.height - 8 - below, least_category * static_cast<double>(chart.y.categories.size()),
                          legend_row * static_cast<double>(layout.legend.size())});
  layout.height = area.top + area.height + below;
  return layout;
}

std::string text(double x, double y, const char* anchor, const std::string& content, const std::string& more = {}) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", pixels(x), pixels(y), anchor, more,
                     html_escape(content));
}

std::string x_axis(const Chart& chart, const Layout& layout) {
  const PlotArea& area = layout.area;
  const double bottom = area.top + area.height;
  std::string out = svg_line(area.left, bottom, area.left + area.width, bottom, axis_stroke);
  for (const Tick& tick : layout.x_ticks) {
    const double x = area.px(tick.value);
    out += svg_line(x, bottom, x, bottom + 4, axis_stroke);
    if (layout.tilted) {
      out += text(x + 3, bottom + 14, "end", tick.label,
                  fmt::format(" transform=\"rotate(-{} {} {})\"", tilt, pixels(x + 3), pixels(bottom + 14)));
    } else {
      out += text(x, bottom + 17, "middle", tick.label);
    }
  }
  if (chart.x.title.empty()) return out;
  return out + text(area.left + area.width / 2, bottom + layout.x_labels + line_height, "middle", chart.x.title);
}

std::string y_axis(const Chart& chart, const Layout& layout) {
  const PlotArea& area = layout.area;
  std::string out = svg_line(area.left, area.top, area.left, area.top + area.height, axis_stroke);
  for (const Tick& tick : layout.y_ticks) {
    const double y = area.py(tick.value);
    out += svg_line(area.left - 4, y, area.left, y, axis_stroke);
    out += text(area.left - 7, y + 0.35 * font, "end", tick.label);
  }
  if (chart.y.title.empty()) return out;
  const double x = area.left - widest(layout.y_ticks) - 18, y = area.top + area.height / 2;
  return out +
         text(x, y, "middle", chart.y.title, fmt::format(" transform=\"rotate(-90 {} {})\"", pixels(x), pixels(y)));
}

std::string grid(const Chart& chart, const Layout& layout) {
  const PlotArea& area = layout.area;
  std::string lines;
  if (!chart.x.hidden && chart.x.categories.empty()) {
    for (const Tick& tick : layout.x_ticks) {
      lines += svg_line(area.px(tick.value), area.top, area.px(tick.value), area.top + area.height, "");
    }
  }
  if (!chart.y.hidden) {
    for (const Tick& tick : layout.y_ticks) {
      lines += svg_line(area.left, area.py(tick.value), area.left + area.width, area.py(tick.value), "");
    }
  }
  return lines.empty() ? lines : "<g stroke=\"currentColor\" stroke-opacity=\"0.13\">\n" + lines + "</g>\n";
}

std::string legend(const Chart& chart, const Layout& layout) {
  const double left = chart.width + legend_gap, middle = left + legend_sample / 2;
  std::string out;
  double y = layout.area.top + legend_row / 2;
  for (const Series& series : layout.legend) {
    if (series.area) {
      out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"10\" fill=\"{}\" fill-opacity=\"{}\"/>\n",
                         pixels(left), pixels(y - 5), pixels(legend_sample), series.style.colour,
                         series.line ? 2 * band_opacity : bar_opacity);
    }
    if (series.line) {
      out += svg_line(left, y, left + legend_sample, y,
                      fmt::format("stroke=\"{}\" stroke-width=\"1.6\"{}", series.style.colour, svg_dash(series.style)));
    }
    if (series.point) out += svg_shape(series.style.shape, middle, y, 3.2, series.style.colour);
    out += text(left + legend_sample + 6, y + 0.35 * font, "start", series.name);
    y += legend_row;
  }
  return out;
}

}  // namespace

std::string render_svg(const Chart& chart) {
  require_drawable(chart);
  const Layout layout = layout_of(chart);
  const PlotArea& area = layout.area;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"{2}\" fill=\"currentColor\">\n",
      pixels(layout.width), pixels(layout.height), font);
  out += fmt::format("<title>{}</title>\n<desc>{}</desc>\n", html_escape(chart.title), html_escape(chart.caption));
  double y = 0;
  for (const std::string& line : layout.title) {
    y += title_font + 4;
    out += text(8, y, "start", line, fmt::format(" font-size=\"{}\" font-weight=\"bold\"", title_font));
  }
  out += grid(chart, layout);
  // A picture of its own cuts off what lies outside given end points, but not half of a mark on the edge.
  constexpr double bleed = 6;
  const std::string box = fmt::format("{} {} {} {}", pixels(area.left - bleed), pixels(area.top - bleed),
                                      pixels(area.width + 2 * bleed), pixels(area.height + 2 * bleed));
  out += fmt::format("<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" viewBox=\"{}\" overflow=\"hidden\">\n",
                     pixels(area.left - bleed), pixels(area.top - bleed), pixels(area.width + 2 * bleed),
                     pixels(area.height + 2 * bleed), box);
  out += svg_marks(chart, area) + "</svg>\n";
  if (!chart.x.hidden) out += x_axis(chart, layout);
  if (!chart.y.hidden) out += y_axis(chart, layout);
  return out + legend(chart, layout) + "</svg>\n";
}

}  // namespace scant
