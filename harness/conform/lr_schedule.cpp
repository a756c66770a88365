// Checks of learning-rate schedules as reference codes have them.
#include <map>
#include <set>

#include "harness/conform/lists.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/schedule.hpp"

namespace scant {
namespace {

/// A case's parameters, which remembers what was asked for.
class Params {
 public:
  explicit Params(const Json& all) : all_(all) {}
  const Json& at(const std::string& name) {
    read_.insert(name);
    return all_.at(name);
  }
  bool has(const std::string& name) const { return all_.contains(name); }
  std::vector<std::string> unread() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : all_.items()) {
      if (!read_.contains(name)) names.push_back(name);
    }
    return names;
  }

 private:
  const Json& all_;
  std::set<std::string> read_;
};

/// Which schedule each of a case's lists follows.
using Schedules = std::map<std::string, Schedule>;

Schedules simclr(Params& p) {
  const std::int64_t images = p.at("num_examples"), batch = p.at("batch_size");
  const std::string scaling = p.at("scaling");
  if (scaling != "linear" && scaling != "sqrt") throw InputError("unknown scaling of the rate: " + scaling);
  const double base = p.at("base_lr");
  return {{"lr",
           {.kind = "warm-up",
            .rate = scaling == "sqrt" ? root_scaled(base, batch) : linear_scaled(base, batch),
            .steps = steps_in(images, p.at("epochs"), batch) + 1,
            .warm_up = steps_in(images, p.at("warmup_epochs"), batch)}}};
}

Schedules byol(Params& p) {
  return {{"lr",
           {.kind = "warm-up",
            .rate = linear_scaled(p.at("base_lr"), p.at("batch_size")),
            .steps = p.at("total_steps"),
            .warm_up = p.at("warmup_steps")}}};
}

/// SwAV and t-ReX, which name their rates differently.
Schedules repeated_peak(Params& p, const char* rate, const char* floor) {
  const std::int64_t epoch = p.at("iters_per_epoch");
  return {{"lr",
           {.kind = "warm-up-repeats-peak",
            .rate = p.at(rate),
            .floor = p.at(floor),
            .start = p.at("start_warmup"),
            .steps = epoch * p.at("epochs").get<std::int64_t>(),
            .warm_up = epoch * p.at("warmup_epochs").get<std::int64_t>()}}};
}

Schedules swav(Params& p) {
  return repeated_peak(p, "base_lr", "final_lr");
}

Schedules trex(Params& p) {
  return repeated_peak(p, "base", "final");
}

Schedules msf(Params& p) {
  return {{"lr_per_epoch", {.rate = p.at("base_lr"), .steps = p.at("epochs")}}};
}

Schedules moco(Params& p) {
  const double rate = p.at("base_lr");
  return {{"lr_cos_per_epoch", {.rate = rate, .steps = p.at("epochs")}},
          {"lr_step_per_epoch", {.kind = "multistep", .rate = rate, .milestones = p.at("milestones")}}};
}

Schedules supcontrast(Params& p) {
  const std::int64_t epochs = p.at("epochs"), batches = p.at("batches"), warm_epochs = 10;
  const double rate = p.at("base_lr");
  return {{"lr_per_epoch_batch",
           {.kind = "supcontrast",
            .rate = rate,
            .floor = rate * 0.1 * 0.1 * 0.1,
            .start = 0.01,
            .steps = epochs * batches,
            .warm_up = warm_epochs * batches,
            .steps_an_epoch = batches}}};
}

Schedules solo_learn(Params& p) {
  return {{"lr",
           {.kind = "warm-up-repeats-peak",
            .rate = p.at("base_lr"),
            .floor = p.at("eta_min"),
            .start = p.at("warmup_start_lr"),
            .steps = p.at("max"),
            .warm_up = p.at("warmup")}}};
}

Schedules lightly(Params& p) {
  return {{"multiplier",
           {.kind = "warm-up-ends-at-floor",
            .rate = p.at("start_value"),
            .floor = p.at("end_value"),
            .start = p.at("warmup_start_value"),
            .steps = p.at("max"),
            .warm_up = p.at("warmup")}}};
}

Schedules one_cycle(Params& p) {
  const double rate = p.at("max_lr"), start = rate / p.at("div_factor").get<double>();
  const double high = p.at("max_momentum"), low = p.at("base_momentum"), rise = p.at("pct_start");
  const std::int64_t steps = p.at("total_steps");
  return {{"lr",
           {.kind = "one-cycle",
            .rate = rate,
            .floor = start / p.at("final_div_factor").get<double>(),
            .start = start,
            .steps = steps,
            .rise = rise}},
          {"momentum", {.kind = "one-cycle", .rate = low, .floor = high, .start = high, .steps = steps, .rise = rise}}};
}

Schedules restarts(Params& p) {
  return {{"lr",
           {.kind = "warm-restarts",
            .rate = p.at("base_lr"),
            .floor = p.at("eta_min"),
            .cycle = p.at("T_0"),
            .growth = p.at("T_mult")}}};
}

Schedules cyclic(Params& p) {
  const std::int64_t up = p.at("step_size_up"),
                     down = p.has("step_size_down") ? p.at("step_size_down").get<std::int64_t>() : up;
  return {{"lr",
           {.kind = p.has("mode") ? p.at("mode").get<std::string>() : "triangular",
            .rate = p.at("max_lr"),
            .floor = p.at("base_lr"),
            .cycle = up + down,
            .rise = static_cast<double>(up) / static_cast<double>(up + down)}}};
}

Schedules schedules_of(const std::string& source, Params& params) {
  const std::vector<std::pair<std::string, Schedules (*)(Params&)>> codes{{"google-research/simclr", simclr},
                                                                          {"byol/utils/schedules.py", byol},
                                                                          {"swav", swav},
                                                                          {"naver/trex", trex},
                                                                          {"UMBCvision/MSF", msf},
                                                                          {"facebookresearch/moco", moco},
                                                                          {"SupContrast", supcontrast},
                                                                          {"solo-learn", solo_learn},
                                                                          {"lightly", lightly},
                                                                          {"OneCycleLR", one_cycle},
                                                                          {"CosineAnnealingWarmRestarts", restarts},
                                                                          {"CyclicLR", cyclic}};
  for (const auto& [code, read] : codes) {
    if (source.find(code) != std::string::npos) return read(params);
  }
  throw InputError("no schedule is known by the source \"" + source + "\"");
}

/// A list, or a list of lists an epoch, of values at steps 0, 1, ... or at the steps that the case gives.
void check_list(const std::string& what, const Schedule& schedule, const Json& inputs, const Json& expected,
                Comparison& compare) {
  std::vector<double> wanted, got;
  for (const Json& item : expected) {
    if (!item.is_array()) {
      wanted.push_back(number_of(item));
      continue;
    }
    for (const Json& inner : item) wanted.push_back(number_of(inner));
  }
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < wanted.size(); ++i) steps.push_back(static_cast<std::int64_t>(i));
  if (inputs.contains("steps")) steps = inputs.at("steps").get<std::vector<std::int64_t>>();
  for (const std::int64_t step : steps) got.push_back(rate_at(schedule, step));
  compare.numbers(what, got, Json(wanted));
}

void check_schedule(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance({.abs = 1e-14, .rel = 1e-10});
  Params params(golden.at("params"));
  const Schedules schedules = schedules_of(golden.at("source"), params);
  if (params.has("warmup_to")) {
    const Schedule& s = schedules.begin()->second;
    compare.number("warmup_to",
                   cosine_between(s.rate, s.floor, static_cast<double>(s.warm_up), static_cast<double>(s.steps)),
                   params.at("warmup_to"));
  }
  for (const std::string& name : params.unread()) compare.check("parameter " + name + " is known", false);
  for (const auto& [what, expected] : golden.at("outputs").items()) {
    const auto found = schedules.find(what);
    if (found != schedules.end()) {
      check_list(what, found->second, golden.at("inputs"), expected, compare);
    } else if (what == "total_steps") {
      compare.exact(what, schedules.at("lr").steps, expected);
    } else if (what == "warmup_steps") {
      compare.exact(what, schedules.at("lr").warm_up, expected);
    } else {
      compare.check(what + " is known", false);
    }
  }
}

}  // namespace

const RegisterKind lr_schedule_kind{{"learning-rate schedules",
                                     [](const GoldenFile& file, const Json&) { return file.stem == "lr_schedule"; },
                                     check_schedule}};

}  // namespace scant
