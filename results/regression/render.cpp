// A regression comparison as Markdown and as JSON.
#include <fmt/format.h>

#include "results/regression/regression.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

std::string side(const std::optional<double>& mean, int runs, int digits) {
  return mean ? fmt::format("{} ({})", decimal(*mean, digits), runs) : "–";
}

std::string difference_text(const GuardedCell& cell, int digits) {
  if (!cell.difference) return "–";
  std::string text = signed_decimal(*cell.difference, digits);
  if (cell.interval) {
    text += fmt::format(" [{}, {}]", decimal(cell.interval->low, digits), decimal(cell.interval->high, digits));
  }
  return text;
}

std::string test_text(const GuardedCell& cell) {
  if (cell.look == 0) return "–";
  return cell.looks > 1 ? fmt::format("{}, look {} of {}", cell.test, cell.look, cell.looks) : cell.test;
}

std::string caption(const Regression& regression) {
  const GuardDesign& design = regression.design;
  return fmt::format(
      "{}: means over splits (final runs). Worse and better: by more than {:g} {}; equivalent: by less. Each is said "
      "wrongly with a chance of at most {:g} % a cell over all its looks; interval: at the level that the look may "
      "spend. Paired t: the same trials on both sides; Welch's t: independent runs; both within splits.",
      regression.metric, design.margin, regression.lower_is_better ? "(units of the metric)" : "points",
      100 * design.alpha);
}

Json json_of(const GuardedCell& cell) {
  const auto optional = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  return {{"dataset", cell.dataset},
          {"method", cell.method},
          {"verdict", to_string(cell.verdict)},
          {"incomplete", cell.incomplete},
          {"test", cell.test},
          {"look", cell.look},
          {"looks", cell.looks},
          {"level", cell.level},
          {"baseline", {{"n", cell.baseline_runs}, {"mean", optional(cell.baseline_mean)}}},
          {"new", {{"n", cell.fresh_runs}, {"mean", optional(cell.fresh_mean)}}},
          {"identical", cell.identical_runs},
          {"difference", optional(cell.difference)},
          {"interval", cell.interval ? Json{cell.interval->low, cell.interval->high} : Json()},
          {"device_seconds", cell.device_seconds},
          {"notes", cell.notes}};
}

}  // namespace

std::string guard_summary(const GuardedCell& cell, int digits) {
  if (cell.look == 0) return fmt::format("{}", fmt::join(cell.notes, "; "));
  return fmt::format("baseline {}, new {}, difference {} ({}){}{}",
                     side(cell.baseline_mean, cell.baseline_runs, digits),
                     side(cell.fresh_mean, cell.fresh_runs, digits), difference_text(cell, digits), test_text(cell),
                     cell.notes.empty() ? "" : "; ", fmt::join(cell.notes, "; "));
}

std::string Regression::text() const {
  std::vector<std::vector<std::string>> rows;
  for (const GuardedCell& cell : cells) {
    rows.push_back({cell.dataset, cell.method, side(cell.baseline_mean, cell.baseline_runs, decimals),
                    side(cell.fresh_mean, cell.fresh_runs, decimals), difference_text(cell, decimals), test_text(cell),
                    to_string(cell.verdict)});
  }
  std::string text = fmt::format(
      "## {}: regression against the baseline\n\n{}\n{}\n", title,
      markdown_grid({"Data set", "Method", "Baseline", "New", "Difference", "Test", "Verdict"}, rows), caption(*this));
  text += fmt::format("\n{} equivalent, {} better, {} worse, {} undecided.\n", count(GuardVerdict::equivalent),
                      count(GuardVerdict::better), count(GuardVerdict::worse), count(GuardVerdict::undecided));
  std::string remarks;
  for (const GuardedCell& cell : cells) {
    for (const std::string& note : cell.notes)
      remarks += fmt::format("* {}, {}: {}.\n", cell.dataset, cell.method, note);
  }
  for (const std::string& note : notes) remarks += fmt::format("* {}.\n", note);
  return remarks.empty() ? text : text + "\n" + remarks;
}

Json Regression::to_json() const {
  Json list = Json::array();
  for (const GuardedCell& cell : cells) list.push_back(json_of(cell));
  Json counts;
  for (const GuardVerdict verdict :
       {GuardVerdict::equivalent, GuardVerdict::better, GuardVerdict::worse, GuardVerdict::undecided}) {
    counts[to_string(verdict)] = count(verdict);
  }
  return {{"suite", title},
          {"metric", metric},
          {"margin", design.margin},
          {"alpha", design.alpha},
          {"step", design.step},
          {"max_runs", design.max_runs},
          {"extra_device_seconds", extra_seconds()},
          {"counts", counts},
          {"cells", list},
          {"notes", notes}};
}

}  // namespace scant
