// The numbers behind a chart, one line a mark.
#include <cmath>

#include "results/figures/scale.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

const char* mark_name(Mark mark) {
  switch (mark) {
    case Mark::line:
      return "line";
    case Mark::step:
      return "step";
    case Mark::band:
      return "band";
    case Mark::point:
      return "point";
    case Mark::rule:
      return "rule";
    case Mark::bar:
      return "bar";
    case Mark::cell:
      return "cell";
    case Mark::text:
      return "text";
  }
  return "";
}

/// The category whose half of the way to its neighbours the value lies in, else the number.
std::string place(const Axis& axis, double value) {
  const double nearest = std::round(value);
  const bool named = nearest >= 0 && nearest < static_cast<double>(axis.categories.size());
  return named ? axis.categories[static_cast<std::size_t>(nearest)] : shortest(value);
}

}  // namespace

std::string render_csv(const Chart& chart) {
  require_drawable(chart);
  std::string text = csv_line({"chart", "layer", "mark", "series", "x", "y", "x2", "y2", "value", "text"});
  for (std::size_t l = 0; l < chart.layers.size(); ++l) {
    const ChartLayer& layer = chart.layers[l];
    const auto optional = [](const std::vector<double>& list, std::size_t i) {
      return list.empty() ? std::string() : shortest(list[i]);
    };
    for (std::size_t i = 0; i < layer.x.size(); ++i) {
      text += csv_line({chart.name, std::to_string(l + 1), mark_name(layer.mark), layer.series,
                        place(chart.x, layer.x[i]), place(chart.y, layer.y[i]), optional(layer.x2, i),
                        optional(layer.y2, i), optional(layer.values, i), layer.texts.empty() ? "" : layer.texts[i]});
    }
  }
  return text;
}

}  // namespace scant
