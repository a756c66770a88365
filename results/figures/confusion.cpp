// Confusion matrices over all final runs of a method on a data set.
#include <fmt/format.h>

#include <algorithm>

#include "results/figures/figures.hpp"
#include "results/figures/study_runs.hpp"
#include "results/statistics.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

using Counts = std::vector<std::vector<long>>;  // [truth][predicted]

/// Empty where no run has predictions.
Counts count(const std::vector<const Record*>& runs) {
  int classes = 0;
  for (const Record* run : runs) {
    for (const auto* labels : {&run->test->truth, &run->test->predicted}) {
      for (const int label : *labels) classes = std::max(classes, label + 1);
    }
  }
  const auto size = static_cast<std::size_t>(classes);
  Counts counts(size, std::vector<long>(size, 0));
  for (const Record* run : runs) {
    for (std::size_t i = 0; i < run->test->truth.size(); ++i) {
      ++counts[static_cast<std::size_t>(run->test->truth[i])][static_cast<std::size_t>(run->test->predicted[i])];
    }
  }
  return counts;
}

void describe_axes(Chart& chart, std::size_t classes) {
  constexpr std::size_t most_named = 20;
  constexpr double cell = 27, least = 230, most = 430, labels = 56;
  for (Axis* axis : {&chart.x, &chart.y}) {
    axis->whole = true;
    axis->low = -0.5;
    axis->high = static_cast<double>(classes) - 0.5;
    for (std::size_t k = 0; classes <= most_named && k < classes; ++k) axis->categories.push_back(fmt::format("{}", k));
  }
  chart.x.title = "Predicted class";
  chart.y.title = "True class";
  chart.y.reversed = true;  // class 0 on top
  chart.width = chart.height = labels + std::clamp(cell * static_cast<double>(classes), least, most);
}

Chart chart_of(const std::string& dataset, const std::string& method, const Counts& counts, std::size_t runs) {
  Chart chart;
  chart.name = chart_name(chart_name("confusion", dataset), method);
  chart.title = fmt::format("{} on {}", method, dataset);
  chart.caption = fmt::format(
      "Test images of {} final runs by true and predicted class; shade and number: per cent of the true class.", runs);
  describe_axes(chart, counts.size());
  const auto shares = row_normalised(counts);
  constexpr std::size_t most_numbered = 16;
  ChartLayer cells = layer_of(Mark::cell), numbers = layer_of(Mark::text);
  for (std::size_t truth = 0; truth < counts.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < counts.size(); ++predicted) {
      if (counts[truth][predicted] == 0) continue;
      const double share = shares[truth][predicted];
      cells.x.push_back(static_cast<double>(predicted));
      cells.y.push_back(static_cast<double>(truth));
      cells.values.push_back(share);
      cells.texts.push_back(fmt::format("true {}, predicted {}: {} times, {} %", truth, predicted,
                                        counts[truth][predicted], decimal(100 * share, 1)));
      numbers.texts.push_back(decimal(100 * share, 0));
    }
  }
  numbers.x = cells.x;
  numbers.y = cells.y;
  chart.layers.push_back(cells);
  if (counts.size() <= most_numbered) chart.layers.push_back(numbers);
  return chart;
}

}  // namespace

Figures confusion_matrices(const Plan& plan, const std::vector<Record>& records) {
  Figures figures;
  for (const DatasetRuns& dataset : runs_by_dataset(plan, records)) {
    for (const std::string& method : dataset.methods()) {
      const std::vector<const Record*> runs = dataset.scored(method);
      const Counts counts = count(runs);
      if (counts.empty()) {
        figures.left_out.push_back(fmt::format("confusion, {}: {} has no {}", dataset.label, method,
                                               runs.empty() ? "scored run" : "stored predictions"));
      } else {
        figures.charts.push_back(chart_of(dataset.label, method, counts, runs.size()));
      }
    }
  }
  return figures;
}

}  // namespace scant
