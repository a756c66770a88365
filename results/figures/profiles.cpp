// Performance profiles with pointwise bootstrap bands (Agarwal et al., NeurIPS 2021).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/random.hpp"
#include "results/figures/figures.hpp"
#include "results/normalised.hpp"
#include "results/statistics/bootstrap.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr int steps = 60;  // between the lowest and the highest tau

/// From chance to the best run, evenly.
std::vector<double> taus_of(const std::vector<RunScores>& methods) {
  double high = 1;
  for (const RunScores& scores : methods) {
    for (const auto& run : scores) high = std::max(high, *std::max_element(run.begin(), run.end()));
  }
  high = std::ceil(high * 20) / 20;
  std::vector<double> taus;
  for (int i = 0; i <= steps; ++i) taus.push_back(high * i / steps);
  return taus;
}

/// [tau][replicate]
std::vector<std::vector<double>> resampled_profiles(const RunScores& scores, const std::vector<double>& taus,
                                                    int replicates, std::uint64_t seed, int threads) {
  std::vector<std::vector<double>> profiles(taus.size(), std::vector<double>(static_cast<std::size_t>(replicates)));
  in_blocks(replicates, threads, [&](long begin, long end) {
    for (long b = begin; b < end; ++b) {
      Random random(seed, static_cast<std::uint64_t>(b));
      const std::vector<double> profile = run_profile(resampled(scores, draw_runs(random, scores)), taus);
      for (std::size_t t = 0; t < taus.size(); ++t) profiles[t][static_cast<std::size_t>(b)] = profile[t];
    }
  });
  return profiles;
}

}  // namespace

Figures performance_profiles(const Table& table, const Plan& plan, const std::vector<Record>& records,
                             std::uint64_t seed, int replicates, int threads) {
  const FirstRuns first = first_runs(plan, records);
  const Comparable comparable = comparable_columns(table, first);
  Figures figures;
  for (const std::string& reason : comparable.left_out) figures.left_out.push_back("profiles, " + reason);
  if (comparable.columns.empty()) return figures;
  std::vector<RunScores> methods;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    methods.push_back(normalised_scores(table, r, comparable.columns, first));
  }
  Chart& chart = figures.charts.emplace_back();
  chart.name = "profiles";
  chart.title = "Performance profiles";
  chart.caption = fmt::format(
      "Share of runs (all data sets that count: {}) whose normalised score is above tau; 0 is chance, 1 the mean of "
      "{}. "
      "Bands: pointwise {} % intervals of {} bootstrap replicates, runs drawn within data sets.",
      comparable.columns.size(), table.reference, shortest(std::round(1000 * (1 - table.alpha)) / 10), replicates);
  chart.x.title = "Normalised score tau";
  chart.y.title = "Share of runs above tau";
  chart.y.low = 0;
  chart.y.high = 1;
  const std::vector<double> taus = taus_of(methods);
  chart.x.low = taus.front();
  chart.x.high = taus.back();
  std::vector<ChartLayer> lines;
  for (std::size_t r = 0; r < methods.size(); ++r) {
    ChartLayer line = layer_of(Mark::line, table.rows[r].label), band = layer_of(Mark::band, table.rows[r].label);
    line.x = band.x = taus;
    line.y = run_profile(methods[r], taus);
    for (const auto& values : resampled_profiles(methods[r], taus, replicates, seed, threads)) {
      const ConfidenceInterval interval = percentile_interval(values, table.alpha);
      band.y.push_back(interval.low);
      band.y2.push_back(interval.high);
    }
    chart.layers.push_back(band);
    lines.push_back(line);
  }
  chart.layers.insert(chart.layers.end(), lines.begin(), lines.end());
  return figures;
}

}  // namespace scant
