// The [[methods]] of a suite, and shared search spaces against the methods that have the parameters.
#include "harness/core/suite_parts.hpp"
#include "harness/core/suite_space.hpp"

namespace scant {
namespace {

const ParamSpec* known_param(const MethodSpec* spec, const toml::key& key, Problems& problems) {
  if (!spec) return nullptr;
  const std::string name(key.str());
  if (const ParamSpec* param = find_param(*spec, name)) return param;
  std::vector<std::string> names;
  for (const ParamSpec& one : spec->params) names.push_back(one.name);
  problems.add(key.source(),
               fmt::format("method \"{}\" has no parameter \"{}\"{}", spec->name, name, suggestion(name, names)));
  return nullptr;
}

void read_params(const toml::table& params, const MethodSpec* spec, Json& out, Problems& problems) {
  for (const auto& [key, node] : params) {
    const Json value = json_of(node, problems);
    const ParamSpec* param = known_param(spec, key, problems);
    if (!param || value.is_null()) continue;
    out[param->name] = typed_value(*param, value);
    report_at(node, problems, [&] { check_param(*param, out[param->name]); });
  }
}

void read_own_space(const toml::table& table, const MethodSpec* spec, std::map<std::string, Space>& out,
                    Problems& problems) {
  const auto spaces = read_space(table, problems);
  for (const auto& [key, node] : table) {
    const ParamSpec* param = known_param(spec, key, problems);
    if (!param || !spaces.contains(param->name)) continue;
    out[param->name] = typed_space(*param, spaces.at(param->name));
    report_at(node, problems, [&] { check_space(*param, out[param->name]); });
  }
}

bool same_training(const MethodEntry& a, const MethodEntry& b) {
  return a.name == b.name && a.params == b.params &&
         std::equal(a.space.begin(), a.space.end(), b.space.begin(), b.space.end(), [](const auto& x, const auto& y) {
           return x.first == y.first && x.second.to_json() == y.second.to_json();
         });
}

MethodEntry read_method(const toml::table& table, const std::vector<MethodEntry>& before, const Catalogue& catalogue,
                        Problems& problems) {
  TableReader reader(table, "[[methods]]", problems);
  MethodEntry entry;
  entry.params = Json::object();
  const MethodSpec* spec = read_known_name(reader, "method", catalogue.methods, entry.name);
  entry.label = entry.name;
  read_label(reader, "method", before, entry.label);
  const toml::table* params = reader.table("params");
  const toml::table* space = reader.table("space");
  reader.finish();
  if (params) read_params(*params, spec, entry.params, problems);
  if (space) read_own_space(*space, spec, entry.space, problems);
  if (params && space) {
    for (const auto& [key, node] : *params) {
      if (!space->contains(key.str())) continue;
      problems.add(key.source(), fmt::format("\"{}\" is both fixed in params and searched in space", key.str()));
    }
  }
  for (const MethodEntry& other : before) {
    if (spec && same_training(other, entry)) {
      reader.problem(fmt::format("this entry trains the same as \"{}\": remove one", other.label));
    }
  }
  return entry;
}

}  // namespace

std::vector<MethodEntry> read_methods(TableReader& top, const Catalogue& catalogue) {
  std::vector<MethodEntry> methods;
  const auto entries = top.tables("methods");
  const toml::node* node = top.find("methods");
  if (!node || (node->is_array() && entries.empty())) top.problem("a suite needs at least one [[methods]] entry");
  for (const toml::table* entry : entries) {
    methods.push_back(read_method(*entry, methods, catalogue, top.problems()));
  }
  return methods;
}

void check_shared_space(const toml::table& table, const std::map<std::string, Space>& spaces,
                        const std::vector<MethodEntry>& methods, const Catalogue& catalogue, Problems& problems) {
  const toml::table* space = table["space"].as_table();
  if (!space) return;
  std::vector<const MethodSpec*> specs;
  std::vector<std::string> names;
  for (const MethodEntry& method : methods) {
    const auto found = catalogue.methods.find(method.name);
    if (found == catalogue.methods.end()) return;  // the misspelt method may be the one: one error is enough
    specs.push_back(&found->second);
    for (const ParamSpec& param : found->second.params) names.push_back(param.name);
  }
  if (specs.empty()) return;
  for (const auto& [key, node] : *space) {
    const std::string name(key.str());
    bool meant = false;
    for (const MethodSpec* spec : specs) {
      const ParamSpec* param = find_param(*spec, name);
      meant = meant || param;
      if (!param || !spaces.contains(name)) continue;
      report_at(node, problems, [&] { check_space(*param, typed_space(*param, spaces.at(name))); });
    }
    if (!meant) {
      problems.add(key.source(),
                   fmt::format("no method of this suite has a parameter \"{}\"{}", name, suggestion(name, names)));
    }
  }
}

}  // namespace scant
