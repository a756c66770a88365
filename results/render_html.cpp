// HTML: one page that opens from disk, without scripts and without network; readable on a phone and in dark mode.
#include <fmt/format.h>

#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

constexpr const char* style = R"(
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 1.5rem auto; max-width: 80rem; padding: 0 1rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; }
  thead { border-block: 2px solid; } tbody { border-bottom: 2px solid; }
  tbody tr:hover { background: color-mix(in srgb, currentColor 10%, transparent); }
  .group th { font-style: italic; border-top: 1px solid; }
  .notes, figcaption { font-size: .875rem; max-width: 60rem; }
)";

std::string html_cell(const Table& table, std::size_t row, std::size_t column) {
  const CellText text = cell_text(table, row, column);
  const Cell& cell = table.rows[row].cells[column];
  std::string shown = html_escape(text.value);
  if (text.best) shown = "<strong>" + shown + "</strong>";
  if (text.contender) shown = "<em>" + shown + "</em>";
  if (text.differs) shown += " †";
  for (const int mark : cell.marks) shown += fmt::format("<sup><a href=\"#note-{0}\">{0}</a></sup>", mark);
  // What a cell cost, for whoever points at it; the list below says it for everybody.
  return fmt::format("<td title=\"{} s of tuning, {} s of final runs\">{}</td>", decimal(cell.tuning.seconds, 1),
                     decimal(cell.final_seconds, 1), shown);
}

std::string html_rows(const Table& table) {
  std::string text;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    if (begins_group(table, r)) {
      text += fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                          row.cells.size() + 5, html_escape(row.group));
    }
    text += "<tr><th scope=\"row\">" + html_escape(row.label) + "</th>";
    for (std::size_t c = 0; c < row.cells.size(); ++c) text += html_cell(table, r, c);
    text += fmt::format("<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        row.average ? decimal(*row.average, table.decimals) : "–",
                        row.mean_rank ? decimal(*row.mean_rank, 1) : "–", hours_text(row.device_seconds()),
                        mebibytes_text(row.peak_bytes()));
  }
  return text;
}

}  // namespace

std::string html_part(const Table& table) {
  std::string text =
      "<figure>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">Method</th>";
  for (const std::string& column : table.columns) text += "<th scope=\"col\">" + html_escape(column) + "</th>";
  text += "<th scope=\"col\">Average</th><th scope=\"col\">Mean rank</th><th scope=\"col\">Device-hours</th>";
  text += "<th scope=\"col\">Peak MiB</th>";
  text += "</tr></thead>\n<tbody>\n" + html_rows(table) + "</tbody>\n</table>\n</div>\n";
  text += "<figcaption>" + html_escape(table.caption) + "</figcaption>\n</figure>\n";
  if (!table.footnotes.empty()) {
    text += "<ol class=\"notes\">\n";
    for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
      text += fmt::format("<li id=\"note-{}\">{}</li>\n", i + 1, html_escape(table.footnotes[i]));
    }
    text += "</ol>\n";
  }
  for (const std::string& note : table.notes) text += "<p class=\"notes\">" + html_escape(note) + ".</p>\n";
  return text;
}

std::string html_page(const std::string& title, const std::string& body) {
  const std::string escaped = html_escape(title);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<h1>{}</h1>\n{}</body>\n</html>\n",
      escaped, style, escaped, body);
}

std::string render_html(const Table& table) {
  return html_page(table.title, html_part(table));
}

}  // namespace scant
