// Picks the renderer, and words a cell for the formats that people read.
#include "results/render.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "results/text.hpp"

namespace scant {

Format format_from(const std::string& name) {
  if (name == "md") return Format::md;
  if (name == "csv") return Format::csv;
  if (name == "csv-wide") return Format::csv_wide;
  if (name == "tex") return Format::tex;
  if (name == "json") return Format::json;
  if (name == "html") return Format::html;
  throw InputError(fmt::format("format \"{}\": use md, csv, csv-wide, tex, json or html", name));
}

std::string render(const Table& table, Format format) {
  switch (format) {
    case Format::md:
      return render_md(table);
    case Format::csv:
      return render_csv(table);
    case Format::csv_wide:
      return render_csv_wide(table);
    case Format::tex:
      return render_tex(table);
    case Format::json:
      return render_json(table);
    case Format::html:
      return render_html(table);
  }
  throw std::logic_error("format out of range");
}

CellText cell_text(const Table& table, std::size_t row, std::size_t column) {
  const Cell& cell = table.rows[row].cells[column];
  CellText text;
  text.value = cell.mean ? decimal(*cell.mean, table.decimals) : "–";
  if (cell.spread) text.value += " ± " + decimal(*cell.spread, table.decimals);
  if (cell.n != cell.expected) text.value += fmt::format(" ({}/{})", cell.n, cell.expected);
  text.best = is_best(table, row, column);
  text.contender = cell.contender && !text.best;
  text.differs = cell.p_adjusted && *cell.p_adjusted < table.alpha;
  return text;
}

bool begins_group(const Table& table, std::size_t row) {
  const std::string& group = table.rows[row].group;
  return !group.empty() && (row == 0 || table.rows[row - 1].group != group);
}

}  // namespace scant
