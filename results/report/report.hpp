// The report: one page that opens from disk without network, with the leaderboard, what lies behind every cell, figures
// and sample images.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.hpp"
#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"
#include "results/figures/figures.hpp"
#include "results/table.hpp"

namespace scant {

/// One test image with the answers of the methods' first final runs.
struct Sample {
  std::string dataset;               // label
  std::string picture;               // data: address
  std::string truth;                 // class name
  std::vector<std::string> answers;  // class names, one per row of the table; "": no answer is stored
};

struct ReportParts {
  std::vector<Chart> charts;
  std::vector<Sample> samples;
  std::vector<std::string> left_out;  // what could not be shown, each with its reason
  std::optional<Table> against;       // of another store with the same suite
  std::string against_name;
  bool live = false;  // the page loads itself again every few seconds: the suite still runs
};

/// The charts of a page: every kind of gallery() but training accuracy and, of the confusion matrices, those of every
/// data set's best method where it has few classes.
Figures report_figures(const Suite& suite, const Plan& plan, const std::vector<Record>& records, const Table& table);

/// Everything the page shows. Bounded in size: of a study's tuning trials the best `max_trials` and a count of the
/// others, of loss curves at most `max_points` points.
Json report_data(const Suite& suite, const Plan& plan, const std::vector<Record>& records, const Table& table,
                 const ReportParts& parts);

/// The page. Figures are Vega-Lite specifications with the program's own copy of Vega, or SVG pictures where it was
/// built without one.
std::string render_report(const Json& data);

/// Whether render_report has Vega.
bool report_has_vega();

}  // namespace scant
