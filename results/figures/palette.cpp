// Colours, dashes and shapes of series by their number.
#include "results/figures/palette.hpp"

#include <algorithm>
#include <array>

namespace scant {

Style style_of(std::size_t series) {
  static const std::array<const char*, 6> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
  static const std::array<std::vector<double>, 5> dashes{{{}, {6, 3}, {2, 2}, {8, 3, 2, 3}, {12, 3}}};
  return {colours[series % colours.size()], dashes[series / colours.size() % dashes.size()],
          static_cast<Shape>(series % 5)};
}

std::vector<Series> series_of(const Chart& chart) {
  std::vector<Series> all;
  for (const ChartLayer& layer : chart.layers) {
    if (layer.series.empty() || layer.x.empty()) continue;
    auto found = std::find_if(all.begin(), all.end(), [&](const Series& s) { return s.name == layer.series; });
    if (found == all.end()) found = all.insert(all.end(), {layer.series, style_of(all.size())});
    found->line |= layer.mark == Mark::line || layer.mark == Mark::step || layer.mark == Mark::rule;
    found->point |= layer.mark == Mark::point;
    found->area |= layer.mark == Mark::bar || layer.mark == Mark::band || layer.mark == Mark::cell;
  }
  return all;
}

}  // namespace scant
