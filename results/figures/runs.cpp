// Strip plots of runs: the spread that a table's mean hides.
#include <fmt/format.h>

#include <cmath>

#include "results/figures/figures.hpp"
#include "results/figures/intervals.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr double row_pixels = 24;
constexpr double strip = 0.14;  // half of what a row's points are spread over, in rows

void add_runs(ChartLayer& runs, const Cell& cell, double row) {
  const auto count = static_cast<double>(cell.runs.size());
  for (std::size_t i = 0; i < cell.runs.size(); ++i) {
    const double place = count > 1 ? 2 * static_cast<double>(i) / (count - 1) - 1 : 0;
    runs.x.push_back(cell.runs[i]);
    runs.y.push_back(row - 0.12 + strip * place);
    runs.texts.push_back(fmt::format("run {}: {} %", i + 1, decimal(cell.runs[i], 2)));
  }
}

void add_mean(ChartLayer& means, ChartLayer& intervals, const Cell& cell, double row) {
  means.x.push_back(*cell.mean);
  means.y.push_back(row + 0.25);
  means.texts.push_back(fmt::format("mean of {} runs: {} %", cell.n, decimal(*cell.mean, 2)));
  const auto interval = mean_interval(cell, 0.05);
  if (!interval) return;
  intervals.x.push_back(interval->low);
  intervals.x2.push_back(interval->high);
  intervals.y.push_back(row + 0.25);
  intervals.texts.push_back(
      fmt::format("95 % interval: {} to {} %", decimal(interval->low, 2), decimal(interval->high, 2)));
}

Chart strip_chart(const Table& table, std::size_t column, Figures& figures) {
  Chart chart;
  chart.name = chart_name("runs", table.columns[column]);
  chart.title = "Runs on " + table.columns[column];
  chart.caption =
      "Every final run (test data), and below it the mean with its 95 % t interval; over several splits the interval "
      "is "
      "for new splits.";
  chart.x.title = metric_title(table.metric);
  chart.y.reversed = true;  // first row on top
  ChartLayer runs = layer_of(Mark::point, "run"), intervals = layer_of(Mark::rule, "mean, 95 % interval"),
             means = layer_of(Mark::point, "mean, 95 % interval");
  for (const Row& row : table.rows) {
    const Cell& cell = row.cells[column];
    if (!cell.mean) {
      figures.left_out.push_back(fmt::format("runs, {}: {} has no scored run", table.columns[column], row.label));
      continue;
    }
    const auto at = static_cast<double>(chart.y.categories.size());
    chart.y.categories.push_back(row.label);
    add_runs(runs, cell, at);
    add_mean(means, intervals, cell, at);
  }
  chart.layers = {runs, intervals, means};
  chart.height = 60 + row_pixels * static_cast<double>(chart.y.categories.size());
  return chart;
}

}  // namespace

Figures run_strips(const Table& table) {
  Figures figures;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Chart chart = strip_chart(table, c, figures);
    if (!chart.y.categories.empty()) figures.charts.push_back(std::move(chart));
  }
  return figures;
}

}  // namespace scant
