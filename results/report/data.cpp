// What a report shows, gathered from plan, records and table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/error.hpp"
#include "results/comparison.hpp"
#include "results/environment.hpp"
#include "results/render.hpp"
#include "results/report/report.hpp"
#include "results/select.hpp"
#include "results/statistics/t_tests.hpp"

namespace scant {
namespace {

constexpr std::size_t max_trials = 8;  // of a study, shown one by one
constexpr int max_points = 20;         // of a curve
constexpr int bootstrap_replicates = 2000;

/// Values are shown, not computed with: five significant digits keep the page small.
double shortened(double value) {
  return std::isfinite(value) ? std::stod(fmt::format("{:.5g}", value)) : value;
}

/// Every record refers to one of the different environments by number.
class Environments {
 public:
  int number_of(const Json& environment) {
    const auto [entry, added] = numbers_.emplace(canonical(environment), static_cast<int>(numbers_.size()));
    if (added) all_.push_back(environment);
    return entry->second;
  }
  const Json& all() const { return all_; }

 private:
  std::map<std::string, int> numbers_;
  Json all_ = Json::array();
};

std::optional<double> last_validation(const Record& record) {
  if (record.validation.empty()) return std::nullopt;
  return record.validation.back().accuracy;
}

/// The best trials by last validation value, in creation order among equals; those without a value come last.
Json tuning_of(const Selection& selection) {
  std::vector<const Record*> trials = selection.tuning;
  std::stable_sort(trials.begin(), trials.end(), [](const Record* a, const Record* b) {
    return last_validation(*a).value_or(-1) > last_validation(*b).value_or(-1);
  });
  Json shown = Json::array();
  for (std::size_t i = 0; i < std::min(trials.size(), max_trials); ++i) {
    const Record& record = *trials[i];
    const auto value = last_validation(record);
    shown.push_back({{"index", record.trial.index},
                     {"params", record.trial.params},
                     {"status", to_string(record.status)},
                     {"reason", record.reason.substr(0, 300)},
                     {"epochs", record.epochs_done},
                     {"value", value ? Json(shortened(100 * *value)) : Json()},
                     {"seconds", shortened(record.cost.charged())}});
  }
  return shown;
}

Json finals_of(const Selection& selection, Environments& environments) {
  Json runs = Json::array();
  for (std::size_t i = 0; i < selection.finals.size(); ++i) {
    const Selection::FinalRun& run = selection.finals[i];
    Json line{{"repetition", i}, {"hole", run.hole}};
    if (run.record) {
      const Record& record = *run.record;
      line["id"] = record.trial.id().substr(0, 12);
      line["status"] = to_string(record.status);
      line["epochs"] = record.epochs_done;
      line["seconds"] = shortened(record.cost.charged());
      line["images"] = record.cost.images;
      line["peak_bytes"] = record.cost.peak_bytes;
      line["openings"] = record.test_openings;
      line["environment"] = environments.number_of(record.environment);
      if (record.test) {
        line["accuracy"] = shortened(100 * record.test->accuracy);
        line["balanced_accuracy"] = shortened(100 * record.test->balanced_accuracy);
      }
    }
    runs.push_back(line);
  }
  return runs;
}

/// [epoch, mean, lowest, highest] of the training loss of all scored final runs, thinned to max_points.
Json loss_of(const Selection& selection) {
  std::vector<const Record*> runs;
  std::size_t epochs = 0;
  for (const auto& run : selection.finals) {
    if (!run.hole.empty() || run.record->train_loss.empty()) continue;
    runs.push_back(run.record);
    epochs = std::max(epochs, run.record->train_loss.size());
  }
  Json curve = Json::array();
  const std::size_t step = std::max<std::size_t>(1, (epochs + max_points - 1) / max_points);
  for (std::size_t e = step - 1; e < epochs; e += step) {
    double sum = 0, low = INFINITY, high = -INFINITY;
    int n = 0;
    for (const Record* record : runs) {
      if (e >= record->train_loss.size()) continue;
      const double loss = record->train_loss[e];
      sum += loss;
      low = std::min(low, loss);
      high = std::max(high, loss);
      ++n;
    }
    curve.push_back({e + 1, shortened(sum / n), shortened(low), shortened(high)});
  }
  return curve;
}

/// Recall of every class that the test data have, in per cent, over all scored final runs of the study.
Json recall_of(const Selection& selection) {
  std::map<int, std::pair<long, long>> right_of_class;
  for (const auto& run : selection.finals) {
    if (!run.hole.empty()) continue;
    const TestScore& score = *run.record->test;
    for (std::size_t i = 0; i < score.predicted.size(); ++i) {
      auto& [right, all] = right_of_class[score.truth[i]];
      right += score.predicted[i] == score.truth[i];
      ++all;
    }
  }
  Json recalls = Json::array();
  for (const auto& [label, counts] : right_of_class) {
    recalls.push_back({label, shortened(100.0 * static_cast<double>(counts.first) / static_cast<double>(counts.second)),
                       counts.second});
  }
  return recalls;
}

Json studies_of(const Plan& plan, const std::vector<Record>& records, const Table& table, Environments& environments) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  const auto position = [](const auto& list, const std::string& label, auto name) {
    return std::find_if(list.begin(), list.end(), [&](const auto& entry) { return name(entry) == label; }) -
           list.begin();
  };
  Json studies = Json::array();
  for (const Study& study : plan.studies) {
    const auto found = by_study.find(study.id());
    const Selection selection = select(study, found == by_study.end() ? std::vector<const Record*>{} : found->second);
    Json line{{"row", position(table.rows, study.method.label, [](const Row& row) { return row.label; })},
              {"column", position(table.columns, study.dataset.label, [](const std::string& label) { return label; })},
              {"split", study.split},
              {"planned", selection.tuning_planned},
              {"begun", selection.tuning.size()},
              {"trials", tuning_of(selection)},
              {"runs", finals_of(selection, environments)},
              {"loss", loss_of(selection)},
              {"recall", recall_of(selection)}};
    for (const auto& run : selection.finals) {
      if (run.record) line["params"] = run.record->trial.params;
    }
    studies.push_back(line);
  }
  return studies;
}

/// Every cell's difference to the same cell of another store; null where one of them has no score.
Json differences(const Table& ours, const Table& theirs) {
  Json rows = Json::array();
  for (const Row& row : ours.rows) {
    Json line = Json::array();
    const auto other = std::find_if(theirs.rows.begin(), theirs.rows.end(),
                                    [&](const Row& candidate) { return candidate.label == row.label; });
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const Cell& cell = row.cells[c];
      if (other == theirs.rows.end() || !cell.mean || !other->cells[c].mean) {
        line.push_back(nullptr);
        continue;
      }
      const Cell& base = other->cells[c];
      Json entry{{"mean", *base.mean}, {"n", base.n}, {"difference", shortened(*cell.mean - *base.mean)}};
      if (cell.interval && base.interval) {
        const ConfidenceInterval interval = t_interval(welch_t(cell.runs, base.runs), ours.alpha);
        entry["interval"] = {shortened(interval.low), shortened(interval.high)};
      }
      line.push_back(entry);
    }
    rows.push_back(line);
  }
  return rows;
}

/// Curves of hundreds of epochs or thresholds with at most `points` points, first and last kept.
void thin(ChartLayer& layer, std::size_t points) {
  const bool curve = layer.mark == Mark::line || layer.mark == Mark::step || layer.mark == Mark::band;
  const std::size_t n = layer.x.size();
  if (!curve || n <= points) return;
  const auto every = [&](auto& values) {
    if (values.size() != n) return;
    for (std::size_t i = 0; i < points; ++i) values[i] = values[i * (n - 1) / (points - 1)];
    values.resize(points);
  };
  every(layer.x);
  every(layer.y);
  every(layer.x2);
  every(layer.y2);
  every(layer.texts);
}

Json charts_of(const std::vector<Chart>& charts) {
  constexpr std::size_t points = 30;
  Json list = Json::array();
  for (Chart chart : charts) {
    for (ChartLayer& layer : chart.layers) {
      thin(layer, points);
      for (auto* values : {&layer.x, &layer.y, &layer.x2, &layer.y2, &layer.values}) {
        for (double& value : *values) value = shortened(value);
      }
    }
    Json entry{{"name", chart.name}, {"title", chart.title}, {"caption", chart.caption}};
    if (report_has_vega()) {
      entry["spec"] = render_vega_lite(chart);
    } else {
      entry["svg"] = render_svg(chart);
    }
    list.push_back(entry);
  }
  return list;
}

}  // namespace

Json report_data(const Suite& suite, const Plan& plan, const std::vector<Record>& records, const Table& table,
                 const ReportParts& parts) {
  Environments environments;
  Json data{{"version", SCANT_VERSION}, {"suite", suite.name}, {"live", parts.live}, {"left_out", parts.left_out}};
  data["table"] = to_json(table);
  data["environment_text"] = environment_text(table.environment);
  data["studies"] = studies_of(plan, records, table, environments);
  data["environments"] = environments.all();
  data["protocols"] = Json::array();  // one a column
  for (const DatasetEntry& dataset : suite.datasets) data["protocols"].push_back(dataset.protocol.to_json());
  data["charts"] = charts_of(parts.charts);
  data["samples"] = Json::array();
  for (const Sample& sample : parts.samples) {
    data["samples"].push_back({{"dataset", sample.dataset},
                               {"picture", sample.picture},
                               {"truth", sample.truth},
                               {"answers", sample.answers}});
  }
  if (parts.against) {
    data["against"] = {{"name", parts.against_name}, {"cells", differences(table, *parts.against)}};
  }
  try {
    constexpr int every_core = 0;
    data["comparison"] = compare(table, plan, records, suite.seed, bootstrap_replicates, every_core).to_json();
  } catch (const InputError& reason) {
    data["left_out"].push_back(fmt::format("comparison of methods: {}", reason.what()));
  }
  return data;
}

}  // namespace scant
