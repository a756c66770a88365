// Which charts a report shows.
#include <algorithm>

#include "results/figures/gallery.hpp"
#include "results/report/report.hpp"

namespace scant {
namespace {

/// Names of the confusion matrices of every column's best row.
std::vector<std::string> best_confusions(const Table& table) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (!is_best(table, r, c)) continue;
      names.push_back(chart_name(chart_name("confusion", table.columns[c]), table.rows[r].label));
      break;
    }
  }
  return names;
}

std::size_t marks_of(const Chart& chart) {
  std::size_t marks = 0;
  for (const ChartLayer& layer : chart.layers) marks += layer.x.size();
  return marks;
}

}  // namespace

Figures report_figures(const Suite& suite, const Plan& plan, const std::vector<Record>& records, const Table& table) {
  const GalleryInput input{suite, plan, records, table};
  Figures figures =
      gallery(input, {.kinds = {"critical-difference", "profiles", "runs", "cost", "anytime", "learning-curves"}});
  constexpr std::size_t most_marks = 400;  // 20 x 20 classes
  const std::vector<std::string> wanted = best_confusions(table);
  for (Chart& chart : gallery(input, {.kinds = {"confusion"}}).charts) {
    const bool best = std::find(wanted.begin(), wanted.end(), chart.name) != wanted.end();
    if (best && marks_of(chart) <= most_marks) figures.charts.push_back(std::move(chart));
  }
  return figures;
}

}  // namespace scant
