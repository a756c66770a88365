// Training curves of the final runs: mean and range over runs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/figures/figures.hpp"
#include "results/figures/study_runs.hpp"

namespace scant {
namespace {

const std::vector<double>& values_of(const Record& record, Curve curve) {
  return curve == Curve::loss ? record.train_loss : record.train_accuracy;
}

/// Epochs that all runs have; 0 where some run has none or a value that is not finite.
std::size_t shared_epochs(const std::vector<const Record*>& runs, Curve curve) {
  if (runs.empty()) return 0;
  std::size_t epochs = values_of(*runs.front(), curve).size();
  for (const Record* run : runs) {
    const auto& values = values_of(*run, curve);
    epochs = std::min(epochs, values.size());
    if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) return 0;
  }
  return epochs;
}

void add_method(Chart& chart, const std::string& method, const std::vector<const Record*>& runs, Curve curve,
                std::size_t epochs) {
  ChartLayer band = layer_of(Mark::band, method), line = layer_of(Mark::line, method);
  const double unit = curve == Curve::loss ? 1 : 100;
  for (std::size_t e = 0; e < epochs; ++e) {
    double sum = 0, low = values_of(*runs.front(), curve)[e], high = low;
    for (const Record* run : runs) {
      const double value = values_of(*run, curve)[e];
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    band.x.push_back(static_cast<double>(e + 1));
    band.y.push_back(unit * low);
    band.y2.push_back(unit * high);
    line.y.push_back(unit * sum / static_cast<double>(runs.size()));
  }
  line.x = band.x;
  chart.layers.push_back(band);
  chart.layers.push_back(line);
}

}  // namespace

Figures learning_curves(const Plan& plan, const std::vector<Record>& records, Curve curve) {
  const char* kind = curve == Curve::loss ? "learning-curves" : "train-accuracy";
  Figures figures;
  for (const DatasetRuns& dataset : runs_by_dataset(plan, records)) {
    Chart chart;
    chart.name = chart_name(kind, dataset.label);
    chart.title = "Final runs on " + dataset.label;
    chart.caption =
        "Running averages over each epoch in training mode; mean of the final runs and the range from the least to the "
        "greatest. Losses of different methods are different functions.";
    chart.x.title = "Epoch";
    chart.x.whole = true;
    chart.y.title = curve == Curve::loss ? "Training loss" : "Training accuracy (%)";
    for (const std::string& method : dataset.methods()) {
      const std::vector<const Record*> runs = dataset.scored(method);
      const std::size_t epochs = shared_epochs(runs, curve);
      if (runs.empty()) {
        figures.left_out.push_back(fmt::format("{}, {}: {} has no scored run", kind, dataset.label, method));
      } else if (epochs < 2) {
        figures.left_out.push_back(
            fmt::format("{}, {}: {} has no curve of two epochs or more", kind, dataset.label, method));
      } else {
        add_method(chart, method, runs, curve, epochs);
      }
    }
    if (!chart.layers.empty()) figures.charts.push_back(chart);
  }
  return figures;
}

}  // namespace scant
