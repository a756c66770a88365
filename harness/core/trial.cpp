// A trial's canonical form, its name and its random streams.
#include "harness/core/trial.hpp"

#include "harness/core/hash.hpp"
#include "harness/core/random.hpp"

namespace scant {
namespace {

// Absent options and an empty object mean the same, so they must have the same text.
Json object_or_empty(const Json& value) {
  return value.is_null() ? Json::object() : value;
}

}  // namespace

Json Trial::to_json() const {
  Json json{{"stage", stage == Stage::tune ? "tune" : "final"},
            {"dataset", dataset},
            {"dataset_options", object_or_empty(dataset_options)},
            {"split", split},
            {"method", method},
            {"params", object_or_empty(params)},
            {"backbone", backbone},
            {"precision", precision},
            {"compat", compat},
            {"epochs", epochs},
            {"augment", augment.to_json()},
            {"seed", seed_base},
            {"index", index}};
  if (stage == Stage::tune) json["study"] = study;
  if (const Json judged = judges_json(judges); !judged.is_null()) json["judges"] = judged;
  if (unlabelled) json["unlabelled"] = true;
  return json;
}

Trial Trial::from_json(const Json& json) {
  Trial trial;
  const std::string stage = json.at("stage").get<std::string>();
  if (stage != "tune" && stage != "final") throw InputError("\"" + stage + "\" is no stage: use tune or final");
  trial.stage = stage == "tune" ? Stage::tune : Stage::final;
  json.at("dataset").get_to(trial.dataset);
  trial.dataset_options = json.at("dataset_options");
  json.at("split").get_to(trial.split);
  json.at("method").get_to(trial.method);
  trial.params = json.at("params");
  json.at("backbone").get_to(trial.backbone);
  json.at("precision").get_to(trial.precision);
  json.at("compat").get_to(trial.compat);
  json.at("epochs").get_to(trial.epochs);
  trial.augment = Augment::from_json(json.at("augment"));
  json.at("seed").get_to(trial.seed_base);
  json.at("index").get_to(trial.index);
  if (trial.stage == Stage::tune) json.at("study").get_to(trial.study);
  if (json.contains("judges")) trial.judges = judges_from(json.at("judges"));
  trial.unlabelled = json.value("unlabelled", false);
  return trial;
}

std::string Trial::id() const {
  return sha256_hex(canonical(to_json()));
}

std::uint64_t Trial::seed(std::string_view stream) const {
  return seed_of(id(), stream);
}

}  // namespace scant
