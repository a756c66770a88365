// Studies of a suite and the configurations that random search or a grid gives them.
#include "harness/core/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/hash.hpp"
#include "harness/core/random.hpp"
#include "harness/core/suite_space.hpp"

namespace scant {
namespace {

using Spaces = std::map<std::string, Space>;

/// What is searched: declared < [protocol] < the entry; a fixed parameter never is.
Spaces searched(const MethodSpec& spec, const Protocol& protocol, const MethodEntry& entry) {
  Spaces spaces;
  for (const ParamSpec& param : spec.params) {
    if (entry.params.contains(param.name)) continue;
    const auto own = entry.space.find(param.name), shared = protocol.space.find(param.name);
    if (own != entry.space.end()) {
      spaces[param.name] = typed_space(param, own->second);
    } else if (shared != protocol.space.end()) {
      spaces[param.name] = typed_space(param, shared->second);
    } else if (param.search) {
      spaces[param.name] = typed_space(param, *param.search);
    }
  }
  return spaces;
}

Json draw(const ParamSpec& param, const Space& space, Random& random) {
  if (space.kind == Space::Kind::choice) return space.values.at(random.below(space.values.size()));
  double value = 0;
  if (space.kind == Space::Kind::uniform) {
    value = random.uniform(space.low, space.high);
  } else {
    value = std::exp(random.uniform(std::log(space.low), std::log(space.high)));
  }
  // exp(log(x)) may miss x by a rounding error.
  value = std::clamp(value, space.low, space.high);
  if (param.default_value.is_number_integer()) return std::llround(value);
  return value;
}

/// All combinations of choices, the last parameter changing fastest; nothing if a space is continuous or there are
/// too many to list.
std::vector<Json> grid(const Spaces& spaces) {
  constexpr std::size_t too_many = 10'000;
  std::vector<Json> points{Json::object()};
  for (const auto& [name, space] : spaces) {
    if (space.kind != Space::Kind::choice || points.size() * space.values.size() > too_many) return {};
    std::vector<Json> longer;
    for (const Json& point : points) {
      for (const Json& value : space.values) {
        longer.push_back(point);
        longer.back()[name] = value;
      }
    }
    points = std::move(longer);
  }
  return points;
}

/// `count` of the points, each at most once, in an order drawn from the seed.
std::vector<Json> drawn_without_return(std::vector<Json> points, std::size_t count, std::uint64_t seed) {
  for (std::size_t c = 0; c < count; ++c) {
    Random random(seed, c);
    std::swap(points[c], points[c + random.below(points.size() - c)]);
  }
  points.resize(count);
  return points;
}

/// Random search; a finite space is not drawn from twice, and a baseline's is tried in full where the trials allow it.
std::vector<Json> configurations(const Study& study, const std::string& study_id, const MethodSpec& spec) {
  const Spaces& spaces = study.method.space;
  const Protocol& protocol = study.dataset.protocol;
  if (spaces.empty()) return {Json::object()};
  const auto most = static_cast<std::size_t>(
      protocol.budget.trials > 0 ? std::min(protocol.trials, protocol.budget.trials) : protocol.trials);
  const std::uint64_t seed = seed_of(study_id, "search");
  if (auto points = grid(spaces); !points.empty()) {
    if (points.size() <= most) return points;
    return drawn_without_return(std::move(points), most, seed);
  }
  std::vector<Json> drawn;
  for (std::size_t c = 0; c < most; ++c) {
    Random random(seed, c);
    Json point = Json::object();
    for (const auto& [name, space] : spaces) point[name] = draw(*find_param(spec, name), space, random);
    drawn.push_back(std::move(point));
  }
  return drawn;
}

Trial trial_of(const Study& study, Stage stage, const Json& params, int index) {
  const Protocol& protocol = study.dataset.protocol;
  Trial trial;
  trial.stage = stage;
  trial.dataset = study.dataset.name;
  trial.dataset_options = study.dataset.options;
  trial.split = study.split;
  trial.method = study.method.name;
  trial.params = params;
  trial.backbone = protocol.backbone;
  trial.precision = protocol.precision;
  trial.compat = protocol.compat;
  // A baseline has no epochs: it is done after its first report.
  trial.epochs = study.baseline ? 1 : protocol.epochs;
  trial.augment = protocol.augment;
  trial.judges = protocol.judges;
  trial.unlabelled = protocol.unlabelled && study.unlabelled;
  trial.seed_base = study.suite_seed;
  trial.index = index;
  return trial;
}

}  // namespace

std::string Study::id() const {
  Json protocol = dataset.protocol.to_json();
  protocol.erase("final_runs");
  // The method's resolved space below says what is searched; a shared space that it does not have decides nothing.
  protocol.erase("space");
  // Nor do images that it cannot learn from.
  if (!unlabelled) protocol.erase("unlabelled");
  Protocol resolved;
  resolved.space = method.space;
  const auto object = [](const Json& value) { return value.is_null() ? Json::object() : value; };
  return sha256_hex(canonical({{"dataset", dataset.name},
                               {"options", object(dataset.options)},
                               {"split", split},
                               {"method", method.name},
                               {"params", object(method.params)},
                               {"space", resolved.to_json().at("space")},
                               {"protocol", protocol},
                               {"seed", suite_seed}}));
}

std::string Study::name() const {
  return fmt::format("{}/{}/{}", dataset.label, split, method.label);
}

Trial Study::final_trial(const Json& winner_params, int repetition) const {
  return trial_of(*this, Stage::final, winner_params, repetition);
}

Plan make_plan(const Suite& suite, const Catalogue& catalogue) {
  Plan plan{suite.name, {}};
  for (const DatasetEntry& dataset : suite.datasets) {
    for (const int split : dataset.splits) {
      for (const MethodEntry& method : suite.methods) {
        const MethodSpec& spec = catalogue.methods.at(method.name);
        Study study{dataset, split, method, spec.baseline, spec.unlabelled, {}, suite.seed};
        study.method.space = searched(spec, dataset.protocol, method);
        const std::string id = study.id();
        for (const Json& drawn : configurations(study, id, spec)) {
          Json params = method.params.is_null() ? Json::object() : method.params;
          params.update(drawn);
          study.tuning.push_back(trial_of(study, Stage::tune, params, static_cast<int>(study.tuning.size())));
          study.tuning.back().study = id;
        }
        plan.studies.push_back(std::move(study));
      }
    }
  }
  return plan;
}

}  // namespace scant
