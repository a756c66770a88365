// Judges of a suite: from TOML, to and from JSON.
#include "harness/core/suite_parts.hpp"
#include "harness/core/suite_space.hpp"

namespace scant {
namespace {

Judge read_judge(const toml::node& node, const JudgeKinds& known, Problems& problems) {
  Judge judge;
  if (const auto* name = node.as_string()) {
    judge.kind = name->get();
  } else if (const toml::table* table = node.as_table()) {
    TableReader reader(*table, "a judge", problems);
    if (!reader.read("kind", judge.kind)) reader.problem("a judge needs a kind");
    judge.label = "";
    reader.read("label", judge.label);
    if (std::string on; reader.read("on", on)) judge.on = on;
    if (judge.transfers() && judge.kind == "own") {
      reader.problem(
          "own predictions know the classes of their own data set only: another judge can look \"on\" others");
    }
    const auto kind = known.find(judge.kind);
    if (kind != known.end()) {
      for (const ParamSpec& param : kind->second) {
        const toml::node* value = reader.find(param.name);
        if (value == nullptr) continue;
        report_at(*value, problems, [&] {
          const Json typed = typed_value(param, json_of(*value, problems));
          check_param(param, typed);
          judge.params[param.name] = typed;
        });
      }
      reader.finish();
    }
  } else {
    problems.add(node.source(), "write a judge's name or { kind = \"...\", ... }");
    return judge;
  }
  if (!known.contains(judge.kind)) {
    problems.add(node.source(),
                 fmt::format("unknown judge \"{}\"{}", judge.kind, suggestion(judge.kind, keys_of(known))));
  }
  if (judge.label.empty() || node.is_string()) judge.label = judge.kind;
  return judge;
}

}  // namespace

std::vector<Judge> read_judges(const toml::array& array, const Catalogue& catalogue, Problems& problems) {
  std::vector<Judge> judges;
  for (const toml::node& node : array) {
    Judge judge = read_judge(node, catalogue.judges, problems);
    if (std::any_of(judges.begin(), judges.end(), [&](const Judge& other) { return other.label == judge.label; })) {
      problems.add(node.source(), fmt::format("two judges are called \"{}\": give one of them a label", judge.label));
    }
    judges.push_back(std::move(judge));
  }
  if (judges.empty()) problems.add(array.source(), "judges needs at least one");
  if (!judges.empty() && judges.front().transfers()) {
    problems.add(array.source(), "the first judge decides in tuning, so it cannot look \"on\" another data set");
  }
  return judges;
}

void resolve_transfers(std::vector<DatasetEntry>& datasets, const Catalogue& catalogue, TableReader& top) {
  for (DatasetEntry& dataset : datasets) {
    for (Judge& judge : dataset.protocol.judges) {
      if (!judge.transfers()) continue;
      const auto label = judge.on.get<std::string>();
      const auto target = std::find_if(datasets.begin(), datasets.end(),
                                       [&](const DatasetEntry& entry) { return entry.label == label; });
      if (target == datasets.end()) {
        std::vector<std::string> labels;
        for (const DatasetEntry& entry : datasets) labels.push_back(entry.label);
        top.problem(fmt::format("judge \"{}\" looks on \"{}\", which no [[datasets]] entry is labelled{}", judge.label,
                                label, suggestion(label, labels)));
        continue;
      }
      const auto source = catalogue.datasets.find(dataset.name), other = catalogue.datasets.find(target->name);
      if (source != catalogue.datasets.end() && other != catalogue.datasets.end() &&
          source->second.bands != other->second.bands) {
        top.problem(fmt::format("judge \"{}\" looks on \"{}\" with {} bands, but encoders of \"{}\" see {}",
                                judge.label, label, other->second.bands, dataset.label, source->second.bands));
      }
      judge.on = {{"dataset", target->name},
                  {"options", target->options},
                  {"split", target->splits.empty() ? 0 : target->splits.front()},
                  {"augment", target->protocol.augment.to_json()}};
    }
  }
}

Json Judge::to_json() const {
  Json json{{"label", label}, {"kind", kind}, {"params", params}};
  if (transfers()) json["on"] = on;
  return json;
}

Judge Judge::from_json(const Json& json) {
  return {json.at("label").get<std::string>(), json.at("kind").get<std::string>(), json.at("params"),
          json.value("on", Json())};
}

Json judges_json(const std::vector<Judge>& judges) {
  if (judges == std::vector{Judge{}}) return {};
  Json json = Json::array();
  for (const Judge& judge : judges) json.push_back(judge.to_json());
  return json;
}

std::vector<Judge> judges_from(const Json& json) {
  std::vector<Judge> judges;
  for (const Json& judge : json) judges.push_back(Judge::from_json(judge));
  return judges;
}

}  // namespace scant
