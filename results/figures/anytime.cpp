// Curves of studies, their means over splits, and the charts.
#include "results/figures/anytime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "harness/core/random.hpp"
#include "results/figures/figures.hpp"
#include "results/figures/study_runs.hpp"
#include "results/statistics/tuning_curve.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr std::size_t most_enumerated = 6;
constexpr int drawn_orders = 200;

struct Trials {
  std::vector<double> validation, seconds;
};

Trials trials_of(const Selection& selection) {
  Trials trials;
  for (const Record* record : selection.tuning) {
    const bool worth = record->status != Status::failed && !record->validation.empty();
    trials.validation.push_back(worth ? record->validation.back().accuracy : std::numeric_limits<double>::quiet_NaN());
    trials.seconds.push_back(record->cost.charged());
  }
  return trials;
}

double spent(const Selection& selection) {
  double seconds = 0;
  for (const Record* record : selection.tuning) seconds += record->cost.charged();
  return seconds;
}

/// B of a data set; 0 where nothing was spent.
double budget_of(const DatasetRuns& dataset) {
  double budget = 0;
  for (const StudyRuns& runs : dataset.studies) {
    const double stated = runs.study->dataset.protocol.budget.device_seconds;
    if (stated > 0) return stated;
    budget = std::max(budget, spent(runs.selection));
  }
  return budget;
}

/// Why a method has no curve on a data set; "" if it has.
std::string obstacle(const DatasetRuns& dataset, const std::string& method) {
  for (const StudyRuns& runs : dataset.studies) {
    if (runs.study->method.label != method) continue;
    if (runs.selection.tuning_planned == 0) return fmt::format("anytime: {} has one configuration only", method);
    if (!runs.selection.tuned()) return fmt::format("anytime, {}: tuning of {} is incomplete", dataset.label, method);
    const Trials trials = trials_of(runs.selection);
    if (std::none_of(trials.validation.begin(), trials.validation.end(), [](double v) { return std::isfinite(v); })) {
      return fmt::format("anytime, {}: {} has no validation accuracy", dataset.label, method);
    }
  }
  return {};
}

AnytimeCurve curve_of(const DatasetRuns& dataset, const std::string& method, const std::vector<double>& seconds) {
  AnytimeCurve curve{dataset.label, method, seconds, std::vector<double>(seconds.size(), 0), 0, std::nullopt};
  int splits = 0;
  for (const StudyRuns& runs : dataset.studies) {
    if (runs.study->method.label != method) continue;
    const Trials trials = trials_of(runs.selection);
    const auto best = expected_incumbent(trials.validation, trials.seconds, seconds, runs.study->suite_seed);
    for (std::size_t i = 0; i < best.size(); ++i) curve.accuracy[i] += best[i];
    ++splits;
  }
  for (double& accuracy : curve.accuracy) accuracy /= splits;
  curve.area = log_area(curve.seconds, curve.accuracy);
  return curve;
}

Chart chart_of(const std::string& dataset, const std::vector<const AnytimeCurve*>& curves) {
  Chart chart;
  chart.name = chart_name("anytime", dataset);
  chart.title = "Tuning on " + dataset;
  chart.caption =
      "Expected best validation accuracy of the trials that ended within so many device-seconds, over the orders in "
      "which they might have run; mean over splits. A curve begins when every order has a result.";
  chart.x.title = "Device-seconds of tuning";
  chart.x.logarithmic = true;
  chart.y.title = "Best validation accuracy (%)";
  for (const AnytimeCurve* curve : curves) {
    ChartLayer layer = layer_of(Mark::step, curve->method);
    for (std::size_t i = 0; i < curve->seconds.size(); ++i) {
      if (!std::isfinite(curve->accuracy[i])) continue;
      layer.x.push_back(curve->seconds[i]);
      layer.y.push_back(100 * curve->accuracy[i]);
    }
    chart.layers.push_back(layer);
  }
  return chart;
}

}  // namespace

std::vector<double> expected_incumbent(const std::vector<double>& validation, const std::vector<double>& device_seconds,
                                       const std::vector<double>& grid, std::uint64_t seed) {
  std::vector<std::size_t> order(validation.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> sum(grid.size(), 0);
  int orders = 0;
  const auto add = [&] {
    const std::vector<double> best = incumbent(validation, device_seconds, order, grid);
    for (std::size_t g = 0; g < grid.size(); ++g) sum[g] += best[g];
    ++orders;
  };
  if (order.size() <= most_enumerated) {
    do {
      add();
    } while (std::next_permutation(order.begin(), order.end()));
  } else {
    for (int draw = 0; draw < drawn_orders; ++draw) {
      std::iota(order.begin(), order.end(), 0);
      Random random(seed, static_cast<std::uint64_t>(draw));
      random.shuffle(order);
      add();
    }
  }
  for (double& value : sum) value /= orders;
  return sum;
}

double log_area(const std::vector<double>& seconds, const std::vector<double>& values) {
  if (seconds.size() < 2 || seconds.size() != values.size() || !(seconds.front() > 0) ||
      std::adjacent_find(seconds.begin(), seconds.end(), std::greater_equal<>()) != seconds.end()) {
    throw std::invalid_argument("an area needs two or more rising times above 0 and as many values");
  }
  const auto height = [&](std::size_t i) { return std::isnan(values[i]) ? 0.0 : values[i]; };
  double area = 0;
  for (std::size_t i = 1; i < seconds.size(); ++i) {
    area += 0.5 * (height(i - 1) + height(i)) * std::log(seconds[i] / seconds[i - 1]);
  }
  return area / std::log(seconds.back() / seconds.front());
}

std::optional<double> time_to_reach(const std::vector<double>& seconds, const std::vector<double>& values,
                                    double target) {
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (values.at(i) >= target - 1e-12) return seconds[i];
  }
  return std::nullopt;
}

Anytime anytime_curves(const Plan& plan, const std::vector<Record>& records, const std::string& reference) {
  Anytime anytime;
  for (const DatasetRuns& dataset : runs_by_dataset(plan, records)) {
    const double budget = budget_of(dataset);
    if (!(budget > 0)) {
      add_once(anytime.left_out, fmt::format("anytime, {}: no device-seconds were spent on tuning", dataset.label));
      continue;
    }
    std::vector<double> seconds = budget_grid(budget);
    seconds.erase(seconds.begin());  // 0 has no place on a logarithmic axis
    const std::size_t first = anytime.curves.size();
    for (const std::string& method : dataset.methods()) {
      const std::string reason = obstacle(dataset, method);
      if (reason.empty()) {
        anytime.curves.push_back(curve_of(dataset, method, seconds));
      } else {
        add_once(anytime.left_out, reason);
      }
    }
    const auto begin = anytime.curves.begin() + static_cast<std::ptrdiff_t>(first);
    const auto base = std::find_if(begin, anytime.curves.end(), [&](const auto& c) { return c.method == reference; });
    if (base == anytime.curves.end()) continue;
    const double target = base->accuracy.back();
    for (auto curve = begin; curve != anytime.curves.end(); ++curve) {
      curve->time_to_reference = time_to_reach(curve->seconds, curve->accuracy, target);
    }
  }
  return anytime;
}

Figures anytime_charts(const Plan& plan, const std::vector<Record>& records, const std::string& reference) {
  const Anytime anytime = anytime_curves(plan, records, reference);
  Figures figures{{}, anytime.left_out};
  std::vector<std::string> datasets;
  for (const AnytimeCurve& curve : anytime.curves) add_once(datasets, curve.dataset);
  for (const std::string& dataset : datasets) {
    std::vector<const AnytimeCurve*> curves;
    for (const AnytimeCurve& curve : anytime.curves) {
      const bool ever = std::isfinite(curve.accuracy.back());
      if (curve.dataset == dataset && ever) curves.push_back(&curve);
      if (curve.dataset == dataset && !ever) {
        figures.left_out.push_back(
            fmt::format("anytime, {}: {} has no result within the budget in every order", dataset, curve.method));
      }
    }
    if (!curves.empty()) figures.charts.push_back(chart_of(dataset, curves));
  }
  return figures;
}

}  // namespace scant
