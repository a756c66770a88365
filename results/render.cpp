// Picks the renderer, and words a cell for the formats that people read.
#include "results/render.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "results/text.hpp"

namespace scant {

Format format_from(const std::string& name) {
  if (name == "md") return Format::md;
  if (name == "csv") return Format::csv;
  if (name == "tex") return Format::tex;
  if (name == "json") return Format::json;
  throw InputError(fmt::format("format \"{}\": use md, csv, tex or json", name));
}

std::string render(const Table& table, Format format) {
  switch (format) {
    case Format::md:
      return render_md(table);
    case Format::csv:
      return render_csv(table);
    case Format::tex:
      return render_tex(table);
    case Format::json:
      return render_json(table);
  }
  throw std::logic_error("format out of range");
}

CellText cell_text(const Table& table, std::size_t row, std::size_t column) {
  const Cell& cell = table.rows[row].cells[column];
  CellText text;
  text.value =
      cell.mean ? decimal(*cell.mean, table.decimals) + " ± " + decimal(cell.spread.value_or(0), table.decimals) : "–";
  if (cell.n != cell.expected) text.value += fmt::format(" ({}/{})", cell.n, cell.expected);
  text.best = is_best(table, row, column);
  text.differs = cell.p_value && *cell.p_value < 0.05;
  return text;
}

}  // namespace scant
