// From kinds of charts to the functions that draw them.
#include "results/figures/gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "harness/core/error.hpp"
#include "results/statistics/friedman.hpp"

namespace scant {
namespace {

Figures rank_figures(const GalleryInput& input, bool nemenyi) {
  constexpr int replicates = 1;  // ranks and their tests need no bootstrap
  try {
    const MethodComparison comparison =
        compare(input.table, input.plan, input.records, input.suite.seed, replicates, 1);
    const Friedman& ranks = comparison.friedman;
    if (!nemenyi) return critical_difference(comparison);
    return critical_difference(comparison,
                               nemenyi_critical_difference(comparison.alpha, ranks.datasets, ranks.methods));
  } catch (const InputError& error) {
    return {{}, {fmt::format("critical-difference: {}", error.what())}};
  }
}

using Maker = std::function<Figures(const GalleryInput&, const GalleryOptions&)>;

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> all{
      {"critical-difference",
       [](const GalleryInput& in, const GalleryOptions& options) { return rank_figures(in, options.nemenyi); }},
      {"profiles",
       [](const GalleryInput& in, const GalleryOptions& options) {
         constexpr int every_core = 0;
         return performance_profiles(in.table, in.plan, in.records, in.suite.seed, options.replicates, every_core);
       }},
      {"runs", [](const GalleryInput& in, const GalleryOptions&) { return run_strips(in.table); }},
      {"cost", [](const GalleryInput& in, const GalleryOptions&) { return cost_charts(in.table); }},
      {"anytime", [](const GalleryInput& in,
                     const GalleryOptions&) { return anytime_charts(in.plan, in.records, in.table.reference); }},
      {"learning-curves",
       [](const GalleryInput& in, const GalleryOptions&) { return learning_curves(in.plan, in.records, Curve::loss); }},
      {"train-accuracy", [](const GalleryInput& in,
                            const GalleryOptions&) { return learning_curves(in.plan, in.records, Curve::accuracy); }},
      {"confusion",
       [](const GalleryInput& in, const GalleryOptions&) { return confusion_matrices(in.plan, in.records); }}};
  return all;
}

/// Data sets whose labels differ in signs only would share a file.
void make_names_unique(std::vector<Chart>& charts) {
  std::set<std::string> taken;
  for (Chart& chart : charts) {
    const std::string name = chart.name;
    for (int n = 2; !taken.insert(chart.name).second; ++n) chart.name = fmt::format("{}-{}", name, n);
  }
}

}  // namespace

std::vector<std::string> gallery_kinds() {
  std::vector<std::string> names;
  for (const auto& maker : makers()) names.push_back(maker.first);
  return names;
}

Figures gallery(const GalleryInput& input, const GalleryOptions& options) {
  Figures all;
  for (const auto& [kind, make] : makers()) {
    const auto& kinds = options.kinds;
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    Figures some = make(input, options);
    std::move(some.charts.begin(), some.charts.end(), std::back_inserter(all.charts));
    all.left_out.insert(all.left_out.end(), some.left_out.begin(), some.left_out.end());
  }
  make_names_unique(all.charts);
  return all;
}

}  // namespace scant
