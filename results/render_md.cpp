// Markdown: the table, its footnotes, and what each cell cost.
#include <fmt/format.h>

#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string md_cell(const Table& table, std::size_t row, std::size_t column) {
  const CellText text = cell_text(table, row, column);
  const char* const mark = text.best ? "**" : text.contender ? "*" : "";
  std::string shown = fmt::format("{0}{1}{0}", mark, text.value);
  if (text.differs) shown += " †";
  for (const int note : table.rows[row].cells[column].marks) shown += fmt::format(" [{}]", note);
  return shown;
}

}  // namespace

std::string render_md(const Table& table) {
  std::vector<std::string> header{"Method"}, costs_header{"Device-seconds (tuning / final)"};
  for (const std::string& column : table.columns) {
    header.push_back(column);
    costs_header.push_back(column);
  }
  header.insert(header.end(), {"Average", "Mean rank", "Device-hours", "Peak MiB"});
  std::vector<std::vector<std::string>> rows, costs;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    if (begins_group(table, r)) {
      rows.emplace_back(header.size());
      rows.back().front() = "*" + row.group + "*";
    }
    rows.push_back({row.label});
    costs.push_back({row.label});
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      rows.back().push_back(md_cell(table, r, c));
      costs.back().push_back(cell.seconds_text());
    }
    rows.back().push_back(row.average ? decimal(*row.average, table.decimals) : "–");
    rows.back().push_back(row.mean_rank ? decimal(*row.mean_rank, 1) : "–");
    rows.back().push_back(hours_text(row.device_seconds()));
    rows.back().push_back(mebibytes_text(row.peak_bytes()));
  }
  std::string text = fmt::format("## {}\n\n{}\n", table.title, markdown_grid(header, rows));
  for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
    text += fmt::format("- [{}] {}\n", i + 1, table.footnotes[i]);
  }
  if (!table.footnotes.empty()) text += "\n";
  for (const std::string& note : table.notes) text += note + ".\n\n";
  return text + fmt::format("{}\n\n{}", table.caption, markdown_grid(costs_header, costs));
}

}  // namespace scant
