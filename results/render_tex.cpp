// LaTeX: a table environment that needs booktabs and nothing else.
#include <fmt/format.h>

#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string tex_cell(const Table& table, std::size_t row, std::size_t column) {
  const CellText text = cell_text(table, row, column);
  std::string shown = tex_escape(text.value);
  if (text.best) shown = "\\textbf{" + shown + "}";
  if (text.contender) shown = "\\textit{" + shown + "}";
  if (text.differs) shown += tex_escape("†");
  const std::vector<int>& marks = table.rows[row].cells[column].marks;
  if (!marks.empty()) shown += fmt::format("\\textsuperscript{{{}}}", fmt::join(marks, ","));
  return shown;
}

}  // namespace

std::string render_tex(const Table& table) {
  std::vector<std::string> header{"Method"};
  for (const std::string& column : table.columns) header.push_back(tex_escape(column));
  header.insert(header.end(), {"Average", "Mean rank", "Device-hours", "Peak MiB"});
  std::vector<std::vector<std::string>> rows;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    if (begins_group(table, r)) {
      rows.push_back({fmt::format("\\midrule\n    \\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}}", header.size(),
                                  tex_escape(row.group))});
    }
    auto& cells = rows.emplace_back(std::vector<std::string>{tex_escape(row.label)});
    for (std::size_t c = 0; c < row.cells.size(); ++c) cells.push_back(tex_cell(table, r, c));
    cells.push_back(row.average ? decimal(*row.average, table.decimals) : "--");
    cells.push_back(row.mean_rank ? decimal(*row.mean_rank, 1) : "--");
    cells.push_back(hours_text(row.device_seconds()));
    cells.push_back(tex_escape(mebibytes_text(row.peak_bytes())));
  }
  std::string text = "\\begin{table}[t]\n  \\centering\n";
  text += fmt::format("  \\caption{{{}. {}}}\n", tex_escape(table.title), tex_escape(table.caption));
  text += tex_tabular(header, rows);
  for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
    text += fmt::format("\n  {{\\footnotesize\\textsuperscript{{{}}} {}.}}\n", i + 1, tex_escape(table.footnotes[i]));
  }
  for (const std::string& note : table.notes) text += fmt::format("\n  {{\\footnotesize {}.}}\n", tex_escape(note));
  return text + "\\end{table}\n";
}

}  // namespace scant
