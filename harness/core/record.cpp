// Records to and from JSON; numbers that are not finite survive the trip as null.
#include "harness/core/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace scant {
namespace {

// JSON has no NaN. Null stands for one (of a diverged training), so that equal outcomes also compare equal.
Json json_of(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json json_of(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values) array.push_back(json_of(value));
  return array;
}

Json json_of(const TestScore& score) {
  Json json{{"accuracy", json_of(score.accuracy)},
            {"balanced_accuracy", json_of(score.balanced_accuracy)},
            {"predicted", score.predicted},
            {"truth", score.truth},
            {"calibration", nullptr}};
  if (score.calibration) {
    json["calibration"] = {{"expected_error", json_of(score.calibration->expected_error)},
                           {"brier", json_of(score.calibration->brier)},
                           {"log_loss", json_of(score.calibration->log_loss)}};
  }
  return json;
}

double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

std::vector<double> numbers(const Json& json) {
  std::vector<double> values;
  for (const Json& value : json) values.push_back(number(value));
  return values;
}

TestScore test_score_of(const Json& json) {
  TestScore score{number(json.at("accuracy")),
                  number(json.at("balanced_accuracy")),
                  json.at("predicted").get<std::vector<int>>(),
                  json.at("truth").get<std::vector<int>>(),
                  {}};
  // Absent in records of before version 0.2.
  if (const auto found = json.find("calibration"); found != json.end() && !found->is_null()) {
    score.calibration =
        Calibration{number(found->at("expected_error")), number(found->at("brier")), number(found->at("log_loss"))};
  }
  return score;
}

}  // namespace

std::string to_string(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::skipped:
      return "skipped";
    case Status::failed:
      return "failed";
    case Status::stopped:
      return "stopped";
  }
  throw std::logic_error("status out of range");
}

Status status_from(const std::string& text) {
  for (const Status status : {Status::ok, Status::skipped, Status::failed, Status::stopped}) {
    if (to_string(status) == text) return status;
  }
  throw InputError(fmt::format("\"{}\" is no status: use ok, skipped, failed or stopped", text));
}

Cost& Cost::operator+=(const Cost& other) {
  train_seconds += other.train_seconds;
  data_seconds += other.data_seconds;
  evaluation_seconds += other.evaluation_seconds;
  test_seconds += other.test_seconds;
  wall_seconds += other.wall_seconds;
  images += other.images;
  peak_bytes = std::max(peak_bytes, other.peak_bytes);  // a peak, not a sum
  return *this;
}

Cost Cost::since(const Cost& earlier) const {
  Cost added = *this;
  added.train_seconds -= earlier.train_seconds;
  added.data_seconds -= earlier.data_seconds;
  added.evaluation_seconds -= earlier.evaluation_seconds;
  added.test_seconds -= earlier.test_seconds;
  added.wall_seconds -= earlier.wall_seconds;
  added.images -= earlier.images;
  return added;
}

Json Cost::to_json() const {
  Json json{
      {"train_seconds", train_seconds}, {"data_seconds", data_seconds}, {"evaluation_seconds", evaluation_seconds},
      {"test_seconds", test_seconds},   {"wall_seconds", wall_seconds}, {"images", images},
      {"peak_bytes", peak_bytes}};
  if (reference_speed > 0) json["reference_speed"] = reference_speed;
  return json;
}

Cost Cost::from_json(const Json& json) {
  Cost cost;
  json.at("train_seconds").get_to(cost.train_seconds);
  cost.data_seconds = json.value("data_seconds", 0.0);  // records of earlier versions have none
  json.at("evaluation_seconds").get_to(cost.evaluation_seconds);
  json.at("test_seconds").get_to(cost.test_seconds);
  json.at("wall_seconds").get_to(cost.wall_seconds);
  json.at("images").get_to(cost.images);
  json.at("peak_bytes").get_to(cost.peak_bytes);
  cost.reference_speed = json.value("reference_speed", 0.0);
  return cost;
}

bool collapsed(double relative_std) {
  constexpr double least = 0.02;
  return !(relative_std >= least);
}

bool collapsed(const EmbeddingCurves& diagnostics) {
  const auto found = diagnostics.find("relative_std");
  return found != diagnostics.end() && !found->second.empty() && collapsed(found->second.back());
}

Json Record::outcome() const {
  Json json{{"trial", trial.to_json()},
            {"study", study},
            {"status", to_string(status)},
            {"reason", reason},
            {"epochs_done", epochs_done},
            {"validation", Json::array()},
            {"train_loss", json_of(train_loss)},
            {"train_accuracy", json_of(train_accuracy)},
            {"test", nullptr},
            {"test_openings", test_openings},
            {"data_digest", data_digest},
            {"split_digest", split_digest},
            {"parameters_digest", parameters_digest}};
  for (const Evaluation& evaluation : validation) {
    json["validation"].push_back({{"epoch", evaluation.epoch}, {"accuracy", json_of(evaluation.accuracy)}});
  }
  if (test) json["test"] = json_of(*test);
  for (const auto& [judge, score] : test_by) json["test_by"][judge] = json_of(score);
  for (const auto& [name, values] : diagnostics) json["diagnostics"][name] = json_of(values);
  if (collapsed) json["collapsed"] = true;
  return json;
}

Json Record::to_json() const {
  Json json = outcome();
  json["cost"] = cost.to_json();
  json["environment"] = environment;
  return json;
}

Record Record::from_json(const Json& json) {
  Record record;
  record.trial = Trial::from_json(json.at("trial"));
  json.at("study").get_to(record.study);
  record.status = status_from(json.at("status").get<std::string>());
  json.at("reason").get_to(record.reason);
  json.at("epochs_done").get_to(record.epochs_done);
  for (const Json& evaluation : json.at("validation")) {
    record.validation.push_back({evaluation.at("epoch").get<int>(), number(evaluation.at("accuracy"))});
  }
  record.train_loss = numbers(json.at("train_loss"));
  record.train_accuracy = numbers(json.at("train_accuracy"));
  if (const Json& test = json.at("test"); !test.is_null()) record.test = test_score_of(test);
  if (json.contains("test_by")) {
    for (const auto& [judge, score] : json.at("test_by").items()) record.test_by[judge] = test_score_of(score);
  }
  if (json.contains("diagnostics")) {
    for (const auto& [name, values] : json.at("diagnostics").items()) record.diagnostics[name] = numbers(values);
  }
  record.collapsed = json.value("collapsed", false);
  json.at("test_openings").get_to(record.test_openings);
  json.at("data_digest").get_to(record.data_digest);
  json.at("split_digest").get_to(record.split_digest);
  json.at("parameters_digest").get_to(record.parameters_digest);
  record.cost = Cost::from_json(json.at("cost"));
  record.environment = json.at("environment");
  return record;
}

}  // namespace scant
