// CSV, long form: a line per row and column, full precision.
#include <fmt/format.h>

#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {

std::string render_csv(const Table& table) {
  std::string text = csv_line({"dataset", "dataset_name", "method", "method_name", "metric", "mean", "spread", "n",
                               "expected", "p_value", "tuning_trials", "tuning_seconds", "final_seconds", "holes"});
  for (const Row& row : table.rows) {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      text += csv_line({table.columns[c], table.datasets[c], row.label, row.method, table.metric, shortest(cell.mean),
                        shortest(cell.spread), std::to_string(cell.n), std::to_string(cell.expected),
                        shortest(cell.p_value), std::to_string(cell.tuning_trials), shortest(cell.budget_seconds),
                        shortest(cell.final_seconds), fmt::format("{}", fmt::join(cell.holes, "; "))});
    }
  }
  return text;
}

}  // namespace scant
