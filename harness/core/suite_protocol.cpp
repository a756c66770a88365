// The [protocol] of a suite: from TOML, and to JSON for identities.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "harness/core/suite_parts.hpp"

namespace scant {

void read_augment(const toml::table& table, Augment& out, Problems& problems) {
  TableReader reader(table, "augment", problems);
  Augment augment;
  std::string kind;
  if (!reader.read_name("kind", kind, {"none", "shift", "resized-crop"})) {
    if (!table.contains("kind")) reader.problem("augment needs a kind: \"none\", \"shift\" or \"resized-crop\"");
    return;
  }
  if (kind == "shift") augment.kind = Augment::Kind::shift;
  if (kind == "resized-crop") augment.kind = Augment::Kind::resized_crop;
  reader.read("size", augment.size, 0, 1 << 14);
  reader.read("pad", augment.pad, 0, 1 << 14);
  const bool scaled = reader.read("min_scale", augment.min_scale, std::numeric_limits<double>::min(), 1.0);
  reader.read("hflip", augment.hflip);
  reader.read("vflip", augment.vflip);
  reader.finish();
  if (augment.pad > 0 && augment.kind != Augment::Kind::shift) {
    reader.problem(*table.get("pad"), "pad belongs to kind = \"shift\"");
  }
  if (scaled && augment.kind != Augment::Kind::resized_crop) {
    reader.problem(*table.get("min_scale"), "min_scale belongs to kind = \"resized-crop\"");
  }
  if (augment.size == 0 && augment.kind == Augment::Kind::resized_crop) {
    reader.problem("kind = \"resized-crop\" needs a size in pixels");
  }
  out = augment;
}

namespace {

bool read_bounds(const toml::node& node, bool logarithmic, Space& space, Problems& problems) {
  const toml::array* bounds = node.as_array();
  if (!bounds || bounds->size() != 2 || !(*bounds)[0].is_number() || !(*bounds)[1].is_number()) {
    problems.add(node.source(), "needs two numbers: [low, high]");
    return false;
  }
  space.low = (*bounds)[0].value_or(0.0);
  space.high = (*bounds)[1].value_or(0.0);
  if (!(space.low < space.high) || space.high > std::numeric_limits<double>::max()) {
    problems.add(node.source(), fmt::format("[{}, {}] is no range: low must be below high", space.low, space.high));
    return false;
  }
  if (logarithmic && space.low <= 0) {
    problems.add(node.source(), "a log_uniform range must start above 0");
    return false;
  }
  return true;
}

bool read_one_space(const toml::node& node, Space& space, Problems& problems) {
  const toml::table* table = node.as_table();
  if (!table || table->size() != 1) {
    problems.add(node.source(), "write { uniform = [low, high] }, { log_uniform = [low, high] } or { choice = [...] }");
    return false;
  }
  TableReader reader(*table, "a search space", problems);
  if (const toml::node* bounds = reader.find("uniform")) {
    space.kind = Space::Kind::uniform;
    return read_bounds(*bounds, false, space, problems);
  }
  if (const toml::node* bounds = reader.find("log_uniform")) {
    space.kind = Space::Kind::log_uniform;
    return read_bounds(*bounds, true, space, problems);
  }
  const toml::array* values = reader.array("choice");
  reader.finish();
  if (!values) return false;
  space.kind = Space::Kind::choice;
  for (const toml::node& value : *values) {
    Json json = json_of(value, problems);
    if (std::find(space.values.begin(), space.values.end(), json) != space.values.end()) {
      problems.add(value.source(), fmt::format("{} stands twice in this choice", json.dump()));
    }
    space.values.push_back(std::move(json));
  }
  if (space.values.empty()) problems.add(values->source(), "a choice needs at least one value");
  return !space.values.empty();
}

}  // namespace

std::map<std::string, Space> read_space(const toml::table& table, Problems& problems) {
  std::map<std::string, Space> spaces;
  for (const auto& [key, node] : table) {
    Space space;
    if (read_one_space(node, space, problems)) spaces[std::string(key.str())] = space;
  }
  return spaces;
}

void read_protocol(TableReader& table, const Catalogue& catalogue, Protocol& protocol) {
  std::string backbone;
  if (table.read("backbone", backbone)) {
    if (catalogue.is_backbone && !catalogue.is_backbone(backbone)) {
      table.problem(*table.find("backbone"),
                    fmt::format("unknown backbone \"{}\"; known: {}", backbone, fmt::join(catalogue.backbones, ", ")));
    }
    protocol.backbone = backbone;
  }
  table.read("epochs", protocol.epochs, 1);
  if (const toml::table* augment = table.table("augment")) read_augment(*augment, protocol.augment, table.problems());
  table.read_name("precision", protocol.precision, precisions());
  table.read_name("compat", protocol.compat, {"fixed", "gem"});
  table.read("trials", protocol.trials, 1);
  table.read("grace", protocol.grace, 1);
  table.read("reduction", protocol.reduction, 2);
  table.read("early_stopping", protocol.early_stopping);
  table.read("average_last", protocol.average_last, 1);
  table.read("virtual_workers", protocol.virtual_workers, 1);
  table.read_name("winner", protocol.winner, {"last", "max_rung"});
  table.read("final_runs", protocol.final_runs, 1);
  table.read("unlabelled", protocol.unlabelled);
  if (const toml::array* judges = table.array("judges")) {
    protocol.judges = read_judges(*judges, catalogue, table.problems());
  }
  if (const toml::table* budget = table.table("budget")) {
    TableReader reader(*budget, "budget", table.problems());
    reader.read("device_seconds", protocol.budget.device_seconds, 0.0, std::numeric_limits<double>::max());
    reader.read("reference_seconds", protocol.budget.reference_seconds, 0.0, std::numeric_limits<double>::max());
    const bool of_device = budget->contains("device_seconds"), of_reference = budget->contains("reference_seconds");
    if (of_device && of_reference) {
      reader.problem(*reader.find("reference_seconds"), "a budget has device_seconds or reference_seconds, not both");
    }
    // A data set's own budget may be of the other kind than [protocol]'s.
    if (of_device) protocol.budget.reference_seconds = 0;
    if (of_reference) protocol.budget.device_seconds = 0;
    reader.read("epochs", protocol.budget.epochs, std::int64_t{0});
    reader.read("trials", protocol.budget.trials, 0);
    reader.finish();
  }
  if (const toml::table* space = table.table("space")) {
    for (auto& [name, one] : read_space(*space, table.problems())) protocol.space[name] = one;
  }
}

const std::vector<std::string>& precisions() {
  static const std::vector<std::string> names{"fp32", "tf32", "bf16", "fp32-fast"};
  return names;
}

Json Budget::to_json() const {
  Json json{{"device_seconds", device_seconds}, {"epochs", epochs}, {"trials", trials}};
  if (reference_seconds > 0) json["reference_seconds"] = reference_seconds;
  return json;
}

Json Protocol::to_json() const {
  Json spaces = Json::object();
  for (const auto& [name, one] : space) spaces[name] = one.to_json();
  Json json{{"backbone", backbone},
            {"epochs", epochs},
            {"augment", augment.to_json()},
            {"precision", precision},
            {"compat", compat},
            {"trials", trials},
            {"grace", grace},
            {"reduction", reduction},
            {"early_stopping", early_stopping},
            {"average_last", average_last},
            {"virtual_workers", virtual_workers},
            {"winner", winner},
            {"final_runs", final_runs},
            {"budget", budget.to_json()},
            {"space", spaces}};
  if (const Json judged = judges_json(judges); !judged.is_null()) json["judges"] = judged;
  if (unlabelled) json["unlabelled"] = true;
  return json;
}

}  // namespace scant
