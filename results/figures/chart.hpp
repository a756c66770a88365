// A figure as data: layers of marks over two axes. What draws (SVG, pgfplots, Vega-Lite) reads this and nothing else.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.hpp"

namespace scant {

struct Axis {
  std::string title;                    // with its unit, where it has one
  bool logarithmic = false;             // only for values above 0
  bool reversed = false;                // highest value first
  std::vector<std::string> categories;  // empty: a number line; else positions 0, 1, ... have these names
  std::optional<double> low, high;      // end points; default: what the marks span, a little wider
  bool whole = false;                   // ticks at whole numbers only
  bool hidden = false;                  // gives positions only: no line, ticks, labels or grid
};

/// line: x, y in order. step: the same, a value holds until the next x. band: between y and y2 over x. point: x, y.
/// rule: from (x, y) to (x2, y2). bar: from y2 (0 where empty) to y, around x. cell: a square around (x, y), shaded by
/// `values`. text: `texts` at (x, y), centred or beginning or ending there. Where x2 or y2 of a rule is empty, it is x
/// or y.
enum class Mark { line, step, band, point, rule, bar, cell, text };
enum class Anchor { middle, start, end };

struct ChartLayer {
  Mark mark = Mark::line;
  std::string series;  // one colour and one legend entry each, in order of first use; "": ink, and no legend entry
  std::vector<double> x, y, x2, y2;
  std::vector<double> values;      // of cells: in [0, 1]
  std::vector<std::string> texts;  // of texts; elsewhere a tooltip each, or none at all
  Anchor anchor = Anchor::middle;  // of texts
  double weight = 1;               // of lines, rules and points: times the usual width or radius
};

struct Chart {
  std::string name;            // of a file, without its ending: "anytime-cifar10"
  std::string title, caption;  // caption: what is shown, of how many runs, with which intervals
  Axis x, y;
  std::vector<ChartLayer> layers;
  double width = 560, height = 320;  // of the plotted area and its labels, in CSS pixels (1/96 inch)
};

/// Renderers throw std::invalid_argument for a chart without marks, lists of a layer that do not fit each other,
/// numbers that are not finite, and values of a logarithmic axis that are not above 0.

/// A picture by itself that states no background and inherits the text colour of its page: white and dark pages both
/// show it.
std::string render_svg(const Chart& chart);
/// A tikzpicture for a document that loads pgfplots (compat 1.18).
std::string render_pgfplots(const Chart& chart);
/// A Vega-Lite 5 or 6 specification with its data inline.
Json render_vega_lite(const Chart& chart);
/// The numbers: a line a mark, with the columns chart, layer (from 1), mark, series, x, y, x2, y2, value, text. Places
/// on an axis of categories have the nearest one's name.
std::string render_csv(const Chart& chart);

}  // namespace scant
