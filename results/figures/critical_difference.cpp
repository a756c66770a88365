// The critical difference diagram: everything is placed by hand, so both axes are hidden.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "results/figures/figures.hpp"
#include "results/figures/scale.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr double width = 720, font = 11, row_pixels = 17;
constexpr double bar_step = 0.45;  // between clique bars, in rows

/// Places in rows below the line of ranks; the worst rank lies on the left.
struct Diagram {
  std::vector<std::size_t> best_first;
  std::vector<std::vector<int>> cliques;  // of two methods or more
  double margin = 0;                      // of x on either side, for labels
  double first_row = 0;                   // of labels
  std::size_t left_side = 0;              // so many methods are labelled on the left: the worst
};

std::string label_of(const MethodSummary& method) {
  return fmt::format("{} ({})", method.label, decimal(method.average_rank, 2));
}

Diagram lay_out(const MethodComparison& comparison) {
  const auto& methods = comparison.methods;
  Diagram diagram;
  diagram.best_first.resize(methods.size());
  std::iota(diagram.best_first.begin(), diagram.best_first.end(), 0);
  std::stable_sort(diagram.best_first.begin(), diagram.best_first.end(),
                   [&](std::size_t a, std::size_t b) { return methods[a].average_rank < methods[b].average_rank; });
  diagram.left_side = methods.size() / 2;
  double label = 0;
  for (const MethodSummary& method : methods) label = std::max(label, text_width(label_of(method), font));
  const double span = static_cast<double>(methods.size()) - 1;
  label = std::min(label + 24, width / 2 - 80);
  diagram.margin = label * span / (width - 2 * label);
  for (const auto& clique : comparison.cliques) {
    if (clique.size() > 1) diagram.cliques.push_back(clique);
  }
  diagram.first_row = 1 + bar_step * static_cast<double>(diagram.cliques.size());
  return diagram;
}

void add_rule(ChartLayer& layer, double x, double y, double x2, double y2) {
  layer.x.push_back(x);
  layer.y.push_back(y);
  layer.x2.push_back(x2);
  layer.y2.push_back(y2);
}

void add_text(ChartLayer& layer, double x, double y, const std::string& text) {
  layer.x.push_back(x);
  layer.y.push_back(y);
  layer.texts.push_back(text);
}

void add_ranks(Chart& chart, int methods) {
  ChartLayer line = layer_of(Mark::rule), numbers = layer_of(Mark::text);
  add_rule(line, 1, 0, methods, 0);
  for (int rank = 1; rank <= methods; ++rank) {
    add_rule(line, rank, 0, rank, -0.35);
    add_text(numbers, rank, -0.85, fmt::format("{}", rank));
  }
  chart.layers.push_back(line);
  chart.layers.push_back(numbers);
}

void add_methods(Chart& chart, const MethodComparison& comparison, const Diagram& diagram) {
  ChartLayer elbows = layer_of(Mark::rule, "", 0.7), left = layer_of(Mark::text), right = layer_of(Mark::text);
  left.anchor = Anchor::end;  // text stands to the left of where it ends
  right.anchor = Anchor::start;
  const std::size_t count = diagram.best_first.size();
  const double best_end = 1 - 0.04 * diagram.margin, worst_end = static_cast<double>(count) + 0.04 * diagram.margin;
  const double gap = 0.03 * diagram.margin;
  for (std::size_t i = 0; i < count; ++i) {
    const MethodSummary& method = comparison.methods[diagram.best_first[i]];
    const bool worse = i >= count - diagram.left_side;
    const double y = diagram.first_row + static_cast<double>(worse ? count - 1 - i : i), rank = method.average_rank;
    add_rule(elbows, rank, 0, rank, y);
    add_rule(elbows, rank, y, worse ? worst_end : best_end, y);
    add_text(worse ? left : right, worse ? worst_end + gap : best_end - gap, y, label_of(method));
  }
  chart.layers.push_back(elbows);
  chart.layers.push_back(left);
  chart.layers.push_back(right);
}

void add_cliques(Chart& chart, const MethodComparison& comparison, const Diagram& diagram) {
  ChartLayer bars = layer_of(Mark::rule, "", 3);
  for (std::size_t c = 0; c < diagram.cliques.size(); ++c) {
    double low = comparison.methods.size(), high = 1;
    for (const int method : diagram.cliques[c]) {
      low = std::min(low, comparison.methods[static_cast<std::size_t>(method)].average_rank);
      high = std::max(high, comparison.methods[static_cast<std::size_t>(method)].average_rank);
    }
    const double y = 0.55 + bar_step * static_cast<double>(c);
    add_rule(bars, low - 0.04, y, high + 0.04, y);
  }
  if (!bars.x.empty()) chart.layers.push_back(bars);
}

void add_nemenyi(Chart& chart, double difference, int methods) {
  ChartLayer bracket = layer_of(Mark::rule), label = layer_of(Mark::text);
  const double worst = methods, y = -2;
  add_rule(bracket, worst, y, worst - difference, y);
  for (const double end : {worst, worst - difference}) add_rule(bracket, end, y - 0.2, end, y + 0.2);
  add_text(label, worst - difference / 2, y - 0.7, "CD = " + decimal(difference, 2));
  chart.layers.push_back(bracket);
  chart.layers.push_back(label);
}

}  // namespace

Figures critical_difference(const MethodComparison& comparison, std::optional<double> nemenyi) {
  const auto methods = static_cast<int>(comparison.methods.size());
  const auto datasets = comparison.datasets.size();
  if (datasets < 2) {
    return {{}, {"critical-difference: mean ranks need at least two data sets that count"}};
  }
  Figures figures;
  const Diagram diagram = lay_out(comparison);
  Chart& chart = figures.charts.emplace_back();
  chart.name = "critical-difference";
  chart.title = "Mean ranks over data sets";
  chart.caption = fmt::format(
      "Mean rank of {} methods over {} data sets (1 is best), {}. A bar joins methods that the exact Wilcoxon "
      "signed-rank test of every pair, corrected by Holm, does not separate at {}.",
      methods, datasets, metric_title(comparison.metric), shortest(comparison.alpha));
  if (nemenyi) chart.caption += fmt::format(" CD: Nemenyi's critical difference, {}.", decimal(*nemenyi, 2));
  if (!comparison.left_out.empty())
    chart.caption += fmt::format(" Left out: {}.", fmt::join(comparison.left_out, "; "));
  chart.x.hidden = chart.y.hidden = true;
  chart.x.reversed = chart.y.reversed = true;
  chart.x.low = 1 - diagram.margin;
  chart.x.high = methods + diagram.margin;
  const auto label_rows = static_cast<double>(diagram.best_first.size() - diagram.left_side);
  chart.y.low = nemenyi ? -3.2 : -1.5;
  chart.y.high = diagram.first_row + label_rows - 0.4;
  chart.width = width;
  chart.height = 16 + row_pixels * (*chart.y.high - *chart.y.low);
  add_ranks(chart, methods);
  add_methods(chart, comparison, diagram);
  add_cliques(chart, comparison, diagram);
  if (nemenyi) add_nemenyi(chart, *nemenyi, methods);
  return figures;
}

}  // namespace scant
