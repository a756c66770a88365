// Charts as Vega-Lite specifications (Satyanarayan et al., IEEE Transactions on Visualization and Computer Graphics 23,
// 2017). Ink is the parameter `ink`, so that a dark page changes one value.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "results/figures/palette.hpp"
#include "results/figures/scale.hpp"

namespace scant {
namespace {

Json ink() {
  return {{"expr", "ink"}};
}

const char* shape_name(Shape shape) {
  static const std::array<const char*, 5> names{"circle", "square", "triangle-up", "diamond", "cross"};
  return names[static_cast<std::size_t>(shape)];
}

Json axis_of(const Axis& axis, const Scale& scale, bool horizontal) {
  if (axis.hidden) return nullptr;
  Json json = {{"title", axis.title.empty() ? Json(nullptr) : Json(axis.title)}, {"labelLimit", 400}};
  json["grid"] = axis.categories.empty() || !horizontal;
  Json values = Json::array(), names = Json::array();
  for (const Tick& tick : ticks(axis, scale, 7)) {
    values.push_back(tick.value);
    names.push_back(tick.label);
  }
  if (!axis.categories.empty()) {
    json["labelExpr"] = names.dump() + "[datum.value]";
    json["labelOverlap"] = false;
    std::size_t longest = 0;
    for (const std::string& name : axis.categories) longest = std::max(longest, name.size());
    if (horizontal && longest * axis.categories.size() > 60) json["labelAngle"] = -40;
  }
  json["values"] = values;
  return json;
}

Json position(const Axis& axis, const Scale& scale, const char* field) {
  Json scale_json = {{"domain", {scale.low, scale.high}}, {"nice", false}};
  scale_json["type"] = scale.logarithmic ? "log" : "linear";
  if (!scale.logarithmic) scale_json["zero"] = false;  // Vega warns of it on a logarithmic scale
  if (scale.reversed) scale_json["reverse"] = true;
  return {{"field", field},
          {"type", "quantitative"},
          {"scale", scale_json},
          {"axis", axis_of(axis, scale, field == std::string("x"))}};
}

/// Colour, dash and shape of series: the same domain everywhere, so that all layers share one legend.
Json look(const std::vector<Series>& series, const char* channel) {
  Json domain = Json::array(), range = Json::array();
  for (const Series& entry : series) {
    domain.push_back(entry.name);
    if (channel == std::string("color")) {
      range.push_back(entry.style.colour);
    } else if (channel == std::string("shape")) {
      range.push_back(shape_name(entry.style.shape));
    } else {
      range.push_back(entry.style.dash.empty() ? Json{1, 0} : Json(entry.style.dash));
    }
  }
  return {{"field", "series"},
          {"type", "nominal"},
          {"scale", {{"domain", domain}, {"range", range}}},
          {"legend", {{"title", nullptr}, {"labelLimit", 400}, {"symbolLimit", 0}}}};
}

Json mark_of(const ChartLayer& layer, bool clip) {
  Json mark;
  switch (layer.mark) {
    case Mark::line:
      mark = {{"type", "line"}, {"strokeWidth", 1.6 * layer.weight}};
      break;
    case Mark::step:
      mark = {{"type", "line"}, {"interpolate", "step-after"}, {"strokeWidth", 1.6 * layer.weight}};
      break;
    case Mark::band:
      mark = {{"type", "area"}, {"opacity", band_opacity}};
      break;
    case Mark::point:
      mark = {{"type", "point"}, {"filled", true}, {"opacity", 0.8}, {"size", 34 * layer.weight * layer.weight}};
      break;
    case Mark::rule:
      mark = {{"type", "rule"}, {"strokeWidth", 1.4 * layer.weight}};
      break;
    case Mark::bar:
      mark = {{"type", "rect"}, {"opacity", bar_opacity}};
      break;
    case Mark::cell:
      mark = {{"type", "rect"}, {"color", cell_colour}};
      break;
    case Mark::text: {
      const char* align = layer.anchor == Anchor::middle ? "center" : layer.anchor == Anchor::start ? "left" : "right";
      mark = {{"type", "text"}, {"align", align}, {"baseline", "middle"}};
      break;
    }
  }
  if (layer.series.empty() && layer.mark != Mark::cell) mark["color"] = ink();
  if (clip && layer.mark != Mark::text) mark["clip"] = true;
  return mark;
}

/// Whether a curve has to be told the order of its points; others are drawn from left to right.
bool turns_back(const ChartLayer& layer) {
  const bool line = layer.mark == Mark::line || layer.mark == Mark::step;
  return line && !std::is_sorted(layer.x.begin(), layer.x.end(), std::less_equal<>());
}

Json row_of(const ChartLayer& layer, std::size_t i) {
  const double x = layer.x[i], y = layer.y[i];
  Json row = {{"x", x}, {"y", y}};
  if (!layer.texts.empty()) row["text"] = layer.texts[i];
  const auto second = [i](const std::vector<double>& list, double otherwise) {
    return list.empty() ? otherwise : list[i];
  };
  if (layer.mark == Mark::rule) {
    row["x2"] = second(layer.x2, x);
    row["y2"] = second(layer.y2, y);
  } else if (layer.mark == Mark::band) {
    row["y2"] = layer.y2[i];
  } else if (layer.mark == Mark::bar) {
    const double half = bar_half_width(layer);
    row["x"] = x - half;
    row["x2"] = x + half;
    row["y2"] = second(layer.y2, 0);
  } else if (layer.mark == Mark::cell) {
    row["x"] = x - 0.5;
    row["y"] = y - 0.5;
    row["opacity"] = cell_opacity * layer.values[i];
  } else if (turns_back(layer)) {
    row["order"] = i;
  }
  return row;
}

Json drawn(const ChartLayer& layer, const std::vector<Series>& series, bool clip) {
  Json values = Json::array();
  for (std::size_t i = 0; i < layer.x.size(); ++i) values.push_back(row_of(layer, i));
  Json encoding = Json::object();
  const bool line = layer.mark == Mark::line || layer.mark == Mark::step;
  const bool box = layer.mark == Mark::rule || layer.mark == Mark::bar || layer.mark == Mark::cell;
  if (box) encoding["x2"] = {{"field", "x2"}};
  if (box || layer.mark == Mark::band) encoding["y2"] = {{"field", "y2"}};
  if (turns_back(layer)) encoding["order"] = {{"field", "order"}, {"type", "quantitative"}};
  if (layer.mark == Mark::cell) {
    encoding["opacity"] = {{"field", "opacity"}, {"type", "quantitative"}, {"scale", nullptr}, {"legend", nullptr}};
  }
  if (layer.mark == Mark::text) {
    encoding["text"] = {{"field", "text"}, {"type", "nominal"}};
  } else if (!layer.texts.empty()) {
    encoding["tooltip"] = {{"field", "text"}, {"type", "nominal"}};
  }
  if (!layer.series.empty()) {
    encoding["color"] = look(series, "color");
    if (line) encoding["strokeDash"] = look(series, "strokeDash");
    if (layer.mark == Mark::point) encoding["shape"] = look(series, "shape");
  }
  Json json{{"data", {{"values", values}}}, {"mark", mark_of(layer, clip)}, {"encoding", encoding}};
  // Once for the layer: in every row these would be half of a page of charts.
  const auto calculate = [&](const std::string& expression, const char* field) {
    json["transform"].push_back({{"calculate", expression}, {"as", field}});
  };
  if (!layer.series.empty()) calculate(Json(layer.series).dump(), "series");
  if (layer.mark == Mark::cell) {
    calculate("datum.x + 1", "x2");
    calculate("datum.y + 1", "y2");
  }
  return json;
}

}  // namespace

Json render_vega_lite(const Chart& chart) {
  require_drawable(chart);
  const Scale x = x_scale(chart), y = y_scale(chart);
  const std::vector<Series> series = series_of(chart);
  const bool clip = chart.x.low || chart.x.high || chart.y.low || chart.y.high;
  Json layers = Json::array();
  for (const ChartLayer& layer : chart.layers) {
    if (!layer.x.empty()) layers.push_back(drawn(layer, series, clip));
  }
  constexpr double label_room = 80, edges = 22;
  Json axis_ink, text_ink = {{"labelColor", ink()}, {"titleColor", ink()}};
  axis_ink = text_ink;
  axis_ink["domainColor"] = axis_ink["tickColor"] = axis_ink["gridColor"] = ink();
  axis_ink["gridOpacity"] = 0.13;
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
          {"name", chart.name},
          {"title", {{"text", chart.title}, {"anchor", "start"}}},
          {"description", chart.caption},
          {"background", nullptr},
          {"params", {{{"name", "ink"}, {"value", "#222222"}}}},
          {"config",
           {{"view", {{"stroke", nullptr}}}, {"axis", axis_ink}, {"legend", text_ink}, {"title", {{"color", ink()}}}}},
          {"width", chart.width - (chart.y.hidden ? edges : label_room)},
          {"height", chart.height - (chart.x.hidden ? edges : label_room / 2)},
          {"encoding", {{"x", position(chart.x, x, "x")}, {"y", position(chart.y, y, "y")}}},
          {"layer", layers}};
}

}  // namespace scant
