// Records to curves, and curves to CSV.
#include "results/logs/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "results/text.hpp"

namespace scant {
namespace {

CurveOfRun per_epoch(const std::string& name, const std::vector<double>& values) {
  CurveOfRun curve{name, {}};
  for (std::size_t i = 0; i < values.size(); ++i) curve.points.emplace_back(static_cast<int>(i) + 1, values[i]);
  return curve;
}

std::string file_name(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) == 0 && std::string("-_.+ ()").find(c) == std::string::npos && byte < 128) c = '_';
  }
  return text;
}

}  // namespace

std::vector<CurveOfRun> curves_of(const Record& record) {
  std::vector<CurveOfRun> curves{per_epoch("loss/train", record.train_loss),
                                 per_epoch("accuracy/train", record.train_accuracy)};
  CurveOfRun validation{"accuracy/validation", {}};
  for (const Evaluation& evaluation : record.validation) {
    validation.points.emplace_back(evaluation.epoch, evaluation.accuracy);
  }
  curves.push_back(std::move(validation));
  for (const auto& [name, values] : record.diagnostics) curves.push_back(per_epoch("embedding/" + name, values));
  if (record.test) {
    curves.push_back({"accuracy/test", {{record.epochs_done, record.test->accuracy}}});
    curves.push_back({"balanced_accuracy/test", {{record.epochs_done, record.test->balanced_accuracy}}});
  }
  std::erase_if(curves, [](const CurveOfRun& curve) { return curve.points.empty(); });
  return curves;
}

std::string run_name(const Study& study, const Record& record) {
  return fmt::format("{}/split{}/{}/{}{}", file_name(study.dataset.label), study.split, file_name(study.method.label),
                     record.trial.stage == Stage::tune ? "tune" : "final", record.trial.index);
}

std::string curves_csv(const Plan& plan, const std::vector<Record>& records) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  std::string csv = csv_line({"run", "trial", "status", "curve", "epoch", "value"});
  for (const Study& study : plan.studies) {
    std::vector<const Record*>& own = by_study[study.id()];
    std::sort(own.begin(), own.end(), [](const Record* a, const Record* b) {
      return std::pair(a->trial.stage, a->trial.index) < std::pair(b->trial.stage, b->trial.index);
    });
    for (const Record* record : own) {
      const std::string run = run_name(study, *record), trial = record->trial.id(), status = to_string(record->status);
      for (const CurveOfRun& curve : curves_of(*record)) {
        for (const auto& [epoch, value] : curve.points) {
          csv += csv_line(
              {run, trial, status, curve.name, std::to_string(epoch), std::isfinite(value) ? shortest(value) : ""});
        }
      }
    }
  }
  return csv;
}

}  // namespace scant
