// CSV in full precision: long form, a line per row and column, and wide form, a line per row.
#include <fmt/format.h>

#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::optional<double> low_of(const Cell& cell) {
  return cell.interval ? std::optional(cell.interval->low) : std::nullopt;
}

std::optional<double> high_of(const Cell& cell) {
  return cell.interval ? std::optional(cell.interval->high) : std::nullopt;
}

}  // namespace

std::string render_csv(const Table& table) {
  std::string text = csv_line({"dataset",
                               "dataset_name",
                               "method",
                               "method_name",
                               "group",
                               "metric",
                               "mean",
                               "spread",
                               "n",
                               "expected",
                               "low",
                               "high",
                               "p_value",
                               "p_adjusted",
                               "tuning_trials",
                               "tuning_seconds",
                               "charged_seconds",
                               "granted_seconds",
                               "final_seconds",
                               "peak_bytes",
                               "holes"});
  for (const Row& row : table.rows) {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      text += csv_line({table.columns[c],
                        table.datasets[c],
                        row.label,
                        row.method,
                        row.group,
                        table.metric,
                        shortest(cell.mean),
                        shortest(cell.spread),
                        std::to_string(cell.n),
                        std::to_string(cell.expected),
                        shortest(low_of(cell)),
                        shortest(high_of(cell)),
                        shortest(cell.p_value),
                        shortest(cell.p_adjusted),
                        std::to_string(cell.tuning_trials),
                        shortest(cell.tuning.seconds),
                        shortest(cell.tuning.charged),
                        shortest(cell.tuning.granted),
                        shortest(cell.final_seconds),
                        std::to_string(cell.peak_bytes),
                        fmt::format("{}", fmt::join(cell.holes, "; "))});
    }
  }
  return text;
}

std::string render_csv_wide(const Table& table) {
  std::vector<std::string> header{"method", "method_name", "group"};
  for (const std::string& column : table.columns) {
    header.insert(header.end(), {column, column + " spread", column + " n"});
  }
  header.insert(header.end(), {"average", "mean_rank", "device_seconds", "peak_bytes"});
  std::string text = csv_line(header);
  for (const Row& row : table.rows) {
    std::vector<std::string> fields{row.label, row.method, row.group};
    for (const Cell& cell : row.cells) {
      fields.insert(fields.end(), {shortest(cell.mean), shortest(cell.spread), std::to_string(cell.n)});
    }
    fields.insert(fields.end(), {shortest(row.average), shortest(row.mean_rank), shortest(row.device_seconds()),
                                 std::to_string(row.peak_bytes())});
    text += csv_line(fields);
  }
  return text;
}

}  // namespace scant
