// Builds the table: cells from selections, then what compares rows: averages, ranks, tests.
#include "results/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/core/error.hpp"
#include "results/environment.hpp"
#include "results/judged.hpp"
#include "results/metric.hpp"
#include "results/select.hpp"
#include "results/significance.hpp"
#include "results/statistics.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

/// The footnote's number; the same text keeps its number.
int mark_of(std::vector<std::string>& footnotes, const std::string& text) {
  const auto found = std::find(footnotes.begin(), footnotes.end(), text);
  if (found != footnotes.end()) return static_cast<int>(found - footnotes.begin()) + 1;
  footnotes.push_back(text);
  return static_cast<int>(footnotes.size());
}

/// Cell and footnotes of all studies (splits) of one method on one dataset.
Cell make_cell(const std::vector<const StudyRecords*>& studies, const TableOptions& options,
               std::vector<std::string>& footnotes) {
  const Metric& metric = metric_of(options.metric);
  Cell cell;
  std::vector<std::pair<std::string, int>> holes;  // reason, runs; in order of appearance
  int openings = 0, opened_runs = 0, collapsed = 0;
  bool changed_winner = false;
  for (const StudyRecords* entry : studies) {
    const Selection selection = select(*entry->study, entry->records);
    const Budget& budget = entry->study->dataset.protocol.budget;
    for (const Record* record : selection.tuning) {
      cell.tuning.seconds += record->cost.charged();
      cell.tuning.charged += record->cost.charged_to(budget);
      cell.peak_bytes = std::max(cell.peak_bytes, record->cost.peak_bytes);
    }
    cell.tuning_trials += static_cast<int>(selection.tuning.size());
    if (selection.tuning_planned > 0) cell.tuning.granted += budget.granted();
    cell.tuning.reference = budget.reference_seconds > 0;
    openings += selection.openings;
    changed_winner = changed_winner || selection.configurations > 1;
    const std::size_t before = cell.runs.size();
    for (const auto& run : selection.finals) {
      ++cell.expected;
      if (run.record) {
        cell.final_seconds += run.record->cost.charged();
        cell.peak_bytes = std::max(cell.peak_bytes, run.record->cost.peak_bytes);
        collapsed += run.record->collapsed;
      }
      if (run.hole.empty()) {
        ++opened_runs;
        if (const auto value = metric.of(*run.record->test)) {
          cell.runs.push_back(*value);
          continue;
        }
      }
      const std::string hole = run.hole.empty()
                                   ? "the record has no " + metric.name + ": the method's scores are no probabilities"
                                   : run.hole;
      const auto known = std::find_if(holes.begin(), holes.end(), [&](const auto& h) { return h.first == hole; });
      if (known == holes.end()) {
        holes.emplace_back(hole, 1);
      } else {
        ++known->second;
      }
    }
    cell.runs_of_split.push_back(static_cast<int>(cell.runs.size() - before));
  }
  cell.n = static_cast<int>(cell.runs.size());
  if (cell.n > 0) cell.mean = mean(cell.runs);
  cell.spread = spread_of(cell, options.spread);
  cell.interval = interval_of(cell, options.alpha);
  for (const auto& [reason, runs] : holes) {
    cell.holes.push_back(reason);
    cell.marks.push_back(mark_of(footnotes, fmt::format("{} of {} runs: {}", runs, cell.expected, reason)));
  }
  if (changed_winner) {
    cell.marks.push_back(mark_of(footnotes,
                                 "final runs of more than one configuration are stored (a retry changed the winner); "
                                 "the configuration with the most scored runs is shown"));
  }
  if (collapsed > 0) {
    cell.marks.push_back(mark_of(
        footnotes, fmt::format("{} of {} runs collapsed: one embedding for all images", collapsed, cell.expected)));
  }
  if (openings > opened_runs) {
    cell.marks.push_back(
        mark_of(footnotes, fmt::format("test data were opened {} times for {} runs", openings, opened_runs)));
  }
  return cell;
}

/// The entries with these labels, in the labels' order; all where there are none.
template <class Entry>
std::vector<const Entry*> shown(const std::vector<Entry>& entries, const std::vector<std::string>& labels) {
  std::vector<const Entry*> chosen;
  if (labels.empty()) {
    for (const Entry& entry : entries) chosen.push_back(&entry);
  }
  for (const std::string& label : labels) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.label == label; });
    if (found == entries.end()) {
      std::vector<std::string> known;
      for (const Entry& entry : entries) known.push_back(entry.label);
      const std::string nearest = nearest_name(label, known);
      throw InputError(fmt::format("the suite has no \"{}\"; {}", label,
                                   nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                                                   : fmt::format("did you mean \"{}\"?", nearest)));
    }
    chosen.push_back(&*found);
  }
  return chosen;
}

/// Title of the group that names this row; "" for none.
std::string group_of(const std::string& label, const std::vector<RowGroup>& groups) {
  for (const RowGroup& group : groups) {
    if (std::find(group.rows.begin(), group.rows.end(), label) != group.rows.end()) return group.title;
  }
  return {};
}

/// Rows of no group first, then group after group; inside, the order stays.
std::vector<const MethodEntry*> in_groups(const std::vector<const MethodEntry*>& methods,
                                          const std::vector<RowGroup>& groups) {
  std::vector<const MethodEntry*> ordered;
  const auto take = [&](const std::string& title) {
    std::copy_if(methods.begin(), methods.end(), std::back_inserter(ordered),
                 [&](const MethodEntry* method) { return group_of(method->label, groups) == title; });
  };
  take("");
  for (const RowGroup& group : groups) take(group.title);
  return ordered;
}

void add_averages(Table& table) {
  std::vector<double> rank_sums(table.rows.size());
  int ranked = 0;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!std::all_of(table.rows.begin(), table.rows.end(), [c](const Row& row) { return row.cells[c].mean; })) continue;
    ++ranked;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      int better = 0, equal = 0;
      for (const Row& other : table.rows) {
        better += table.better(*other.cells[c].mean, *table.rows[r].cells[c].mean);
        equal += *other.cells[c].mean == *table.rows[r].cells[c].mean;
      }
      rank_sums[r] += better + (equal + 1) / 2.0;
    }
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    Row& row = table.rows[r];
    if (ranked > 0) row.mean_rank = rank_sums[r] / ranked;
    std::vector<double> means;
    for (const Cell& cell : row.cells) {
      if (cell.mean) means.push_back(*cell.mean);
    }
    if (!means.empty() && means.size() == row.cells.size()) row.average = mean(means);
  }
}

const char* spread_name(const std::string& kind) {
  if (kind == "population") return "population standard deviation";
  return kind == "sample" ? "sample standard deviation" : "standard error of the mean";
}

const char* correction_name(const std::string& kind) {
  if (kind == "none") return "not corrected for the number of tests";
  return kind == "holm" ? "corrected by Holm over the table" : "corrected by Benjamini-Hochberg over the table";
}

std::string caption_of(const Suite& suite, const Table& table) {
  std::set<std::string> runs, precisions;
  bool several_splits = false;
  for (const DatasetEntry& dataset : suite.datasets) {
    const auto splits = static_cast<int>(dataset.splits.size());
    const int finals = dataset.protocol.final_runs;
    runs.insert(
        fmt::format("{} runs ({} split{} x {} final runs)", splits * finals, splits, splits == 1 ? "" : "s", finals));
    precisions.insert(dataset.protocol.precision);
    several_splits = several_splits || splits > 1;
  }
  std::string caption = fmt::format(
      "{}: mean ± {} over {}. Precision {}. Bold: best complete mean; italic: not significantly worse, "
      "from three runs on; †: differs from {}. Tests: Welch's t over runs, two-sided, p < {}, {}.",
      metric_of(table.metric).title, spread_name(table.spread), fmt::join(runs, " or "), fmt::join(precisions, ", "),
      table.reference, table.alpha, correction_name(table.correction));
  caption +=
      " Device-hours: tuning, with stopped and failed trials, and final runs. Peak MiB: highest resident memory of the "
      "process (on a GPU: of its allocator).";
  if (several_splits) {
    caption +=
        " Runs on one split share its images: for other splits they are worth less than as many independent runs.";
  }
  caption += judges_text(suite);
  const std::string environment = environment_text(table.environment);
  return environment.empty() ? caption : caption + " Environment: " + environment + ".";
}

}  // namespace

std::string Cell::seconds_text() const {
  return tuning.text() + " / " + decimal(final_seconds, 1);
}

double Row::device_seconds() const {
  double seconds = 0;
  for (const Cell& cell : cells) seconds += cell.tuning.seconds + cell.final_seconds;
  return seconds;
}

std::int64_t Row::peak_bytes() const {
  std::int64_t bytes = 0;
  for (const Cell& cell : cells) bytes = std::max(bytes, cell.peak_bytes);
  return bytes;
}

bool Table::complete() const {
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) {
    return std::all_of(row.cells.begin(), row.cells.end(), [](const Cell& cell) { return cell.n == cell.expected; });
  });
}

bool is_best(const Table& table, std::size_t row, std::size_t column) {
  const auto printed = [&](const Row& r) -> std::string {
    const Cell& cell = r.cells[column];
    return cell.mean && cell.n == cell.expected ? decimal(*cell.mean, table.decimals) : "";
  };
  const Row* best = nullptr;
  for (const Row& candidate : table.rows) {
    if (printed(candidate).empty()) continue;
    if (!best || table.better(*candidate.cells[column].mean, *best->cells[column].mean)) best = &candidate;
  }
  return best && printed(table.rows[row]) == printed(*best);
}

std::vector<StudyRecords> records_by_study(const Plan& plan, const std::vector<Record>& records) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  std::vector<StudyRecords> studies;
  for (const Study& study : plan.studies) studies.push_back({&study, by_study[study.id()]});
  return studies;
}

Table make_table(const Suite& suite, const Plan& plan, const std::vector<Record>& records) {
  return make_table(suite, records_by_study(plan, records));
}

Table make_table(const Suite& suite, const std::vector<StudyRecords>& all) {
  Table table;
  table.title = suite.description.empty() ? suite.name : suite.name + ": " + suite.description;
  table.metric = suite.table.metric;
  table.decimals = suite.table.decimals;
  table.spread = suite.table.spread;
  table.correction = suite.table.correction;
  table.alpha = suite.table.alpha;
  table.lower_is_better = metric_of(table.metric).lower_is_better;
  std::map<std::pair<std::string, std::string>, std::vector<const StudyRecords*>> studies;  // by the labels of a cell
  std::vector<const Record*> used;
  for (const StudyRecords& entry : all) {
    studies[{entry.study->dataset.label, entry.study->method.label}].push_back(&entry);
    used.insert(used.end(), entry.records.begin(), entry.records.end());
  }
  for (const DatasetEntry* dataset : shown(suite.datasets, suite.table.columns)) {
    table.columns.push_back(dataset->label);
    table.datasets.push_back(dataset->name);
  }
  for (const MethodEntry* method : in_groups(shown(suite.methods, suite.table.rows), suite.table.groups)) {
    Row& row = table.rows.emplace_back();
    row.label = method->label;
    row.method = method->name;
    row.group = group_of(method->label, suite.table.groups);
    for (const std::string& column : table.columns) {
      row.cells.push_back(make_cell(studies[{column, method->label}], suite.table, table.footnotes));
    }
  }
  if (table.rows.empty()) throw InputError("a table needs at least one method");
  table.reference = suite.table.reference.empty() ? table.rows.front().label : suite.table.reference;
  add_averages(table);
  add_significance(table);
  table.environment = common_environment(used);
  table.notes = mixed_environment(used);
  table.caption = caption_of(suite, table);
  return table;
}

}  // namespace scant
