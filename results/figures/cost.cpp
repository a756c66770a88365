// What accuracy costs: mean test score against the device-seconds that tuning was charged.
#include <fmt/format.h>

#include "results/figures/figures.hpp"
#include "results/figures/intervals.hpp"
#include "results/figures/study_runs.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

void add_method(Chart& chart, const Row& row, const Cell& cell) {
  const auto interval = mean_interval(cell, 0.05);
  if (interval) {
    ChartLayer rule = layer_of(Mark::rule, row.label, 0.7);
    rule.x = {cell.tuning.seconds};
    rule.y = {interval->low};
    rule.y2 = {interval->high};
    chart.layers.push_back(rule);
  }
  ChartLayer point = layer_of(Mark::point, row.label, 1.2);
  point.x = {cell.tuning.seconds};
  point.y = {*cell.mean};
  point.texts = {fmt::format("{}: {} % for {} device-seconds", row.label, decimal(*cell.mean, 2),
                             decimal(cell.tuning.seconds, 1))};
  chart.layers.push_back(point);
}

}  // namespace

Figures cost_charts(const Table& table) {
  Figures figures;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Chart chart;
    chart.name = chart_name("cost", table.columns[c]);
    chart.title = "Score and cost of tuning on " + table.columns[c];
    chart.caption =
        "Mean of the final runs with its 95 % t interval against the device-seconds that tuning was charged, stopped "
        "and "
        "failed trials included, all splits together.";
    chart.x.title = "Device-seconds of tuning";
    chart.x.logarithmic = true;
    chart.y.title = metric_title(table.metric);
    for (const Row& row : table.rows) {
      const Cell& cell = row.cells[c];
      if (!cell.mean) {
        figures.left_out.push_back(fmt::format("cost, {}: {} has no scored run", table.columns[c], row.label));
      } else if (!(cell.tuning.seconds > 0)) {
        add_once(figures.left_out, fmt::format("cost: {} spends nothing on tuning", row.label));
      } else {
        add_method(chart, row, cell);
      }
    }
    if (!chart.layers.empty()) figures.charts.push_back(chart);
  }
  return figures;
}

}  // namespace scant
