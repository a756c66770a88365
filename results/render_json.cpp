// JSON: everything the table holds, single runs included.
#include "results/render.hpp"

namespace scant {
namespace {

Json optional(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

Json to_json(const Table& table) {
  Json rows = Json::array();
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    Json cells = Json::array();
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      cells.push_back({{"dataset", table.columns[c]},
                       {"dataset_name", table.datasets[c]},
                       {"mean", optional(cell.mean)},
                       {"spread", optional(cell.spread)},
                       {"interval", cell.interval ? Json::array({cell.interval->low, cell.interval->high}) : Json()},
                       {"n", cell.n},
                       {"expected", cell.expected},
                       {"best", is_best(table, r, c)},
                       {"not_significantly_below_best", cell.contender},
                       {"p_value", optional(cell.p_value)},
                       {"p_adjusted", optional(cell.p_adjusted)},
                       {"runs", cell.runs},
                       {"holes", cell.holes},
                       {"footnotes", cell.marks},
                       {"tuning_trials", cell.tuning_trials},
                       {"tuning_seconds", cell.tuning.seconds},
                       {"charged_seconds", cell.tuning.charged},
                       {"granted_seconds", cell.tuning.granted},
                       {"final_seconds", cell.final_seconds},
                       {"peak_bytes", cell.peak_bytes}});
    }
    rows.push_back({{"label", row.label},
                    {"method", row.method},
                    {"group", row.group},
                    {"average", optional(row.average)},
                    {"mean_rank", optional(row.mean_rank)},
                    {"device_seconds", row.device_seconds()},
                    {"peak_bytes", row.peak_bytes()},
                    {"cells", cells}});
  }
  return Json{{"title", table.title},
              {"caption", table.caption},
              {"metric", table.metric},
              {"lower_is_better", table.lower_is_better},
              {"reference", table.reference},
              {"spread", table.spread},
              {"alpha", table.alpha},
              {"correction", table.correction},
              {"complete", table.complete()},
              {"columns", table.columns},
              {"decimals", table.decimals},
              {"rows", rows},
              {"footnotes", table.footnotes},
              {"notes", table.notes},
              {"environment", table.environment}};
}

std::string render_json(const Table& table) {
  return to_json(table).dump(2) + "\n";
}

}  // namespace scant
