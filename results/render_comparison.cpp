// Our means beside published ones, in every format.
#include <fmt/format.h>

#include "results/published.hpp"
#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string caption(const Table& ours, const Published& published) {
  return fmt::format("Published: {}; means over {} runs. {}. {}.", published.source, published.runs, published.note,
                     ours.caption.substr(0, ours.caption.find(". ")));
}

Json to_json(const Table& ours, const Published& published, const std::vector<Pair>& pairs) {
  Json rows = Json::array();
  for (const Pair& pair : pairs) {
    const Cell& cell = ours.rows[pair.row].cells[pair.column];
    rows.push_back({{"dataset", pair.dataset},
                    {"method", pair.method},
                    {"mean", cell.mean ? Json(*cell.mean) : Json()},
                    {"spread", cell.spread ? Json(*cell.spread) : Json()},
                    {"n", cell.n},
                    {"expected", cell.expected},
                    {"published", pair.published},
                    {"difference", pair.difference ? Json(*pair.difference) : Json()}});
  }
  return {{"title", published.title},
          {"source", published.source},
          {"note", published.note},
          {"runs", published.runs},
          {"metric", published.metric},
          {"splits", published.splits},
          {"pairs", rows},
          {"complete", ours.complete()}};
}

}  // namespace

std::string render_comparison(const Table& ours, const Published& published, Format format) {
  const std::vector<Pair> pairs = pair_up(ours, published);
  if (format == Format::json) return to_json(ours, published, pairs).dump(2) + "\n";
  std::vector<std::vector<std::string>> rows;
  std::string csv = csv_line({"dataset", "method", "mean", "spread", "n", "expected", "published", "difference"});
  for (const Pair& pair : pairs) {
    const Cell& cell = ours.rows[pair.row].cells[pair.column];
    csv += csv_line({pair.dataset, pair.method, shortest(cell.mean), shortest(cell.spread), std::to_string(cell.n),
                     std::to_string(cell.expected), shortest(pair.published), shortest(pair.difference)});
    rows.push_back({pair.dataset, pair.method, cell_text(ours, pair.row, pair.column).value,
                    decimal(pair.published, ours.decimals),
                    pair.difference ? signed_decimal(*pair.difference, ours.decimals) : "–"});
  }
  if (format == Format::csv) return csv;
  const std::vector<std::string> header{"Dataset", "Method", "Ours", "Published", "Difference"};
  if (format == Format::md) {
    return fmt::format("## {}\n\n{}\n{}\n", published.title, markdown_grid(header, rows), caption(ours, published));
  }
  for (auto& row : rows) {
    for (std::string& cell : row) cell = tex_escape(cell);
  }
  return fmt::format("\\begin{{table}}[t]\n  \\centering\n  \\caption{{{}. {}}}\n{}\\end{{table}}\n",
                     tex_escape(published.title), tex_escape(caption(ours, published)), tex_tabular(header, rows));
}

}  // namespace scant
