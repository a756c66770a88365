// One renderer a format; `render` picks. Each returns a whole document part that ends with a line break.
#pragma once
#include <string>

#include "results/table.hpp"

namespace scant {

std::string render_md(const Table& table);
std::string render_csv(const Table& table);
std::string render_csv_wide(const Table& table);
std::string render_tex(const Table& table);
/// What render_json prints.
Json to_json(const Table& table);
std::string render_json(const Table& table);
std::string render_html(const Table& table);
/// What the page of render_html is made of: the table with caption, footnotes and notes, and the page around `body`.
std::string html_part(const Table& table);
std::string html_page(const std::string& title, const std::string& body);

/// The text parts of a cell that md, tex and html share.
struct CellText {
  std::string value;       // "55.18 ± 0.54", with " (28/30)" where runs are missing; "–" without any score
  bool best = false;       // to be printed bold
  bool contender = false;  // to be printed italic
  bool differs = false;    // adjusted p below the table's level against the reference row
};
CellText cell_text(const Table& table, std::size_t row, std::size_t column);

/// Whether a heading goes above this row: its group's first one.
bool begins_group(const Table& table, std::size_t row);

}  // namespace scant
