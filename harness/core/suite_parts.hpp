// The pieces that the suite parser is split into. Private to suite*.cpp and the card reader.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "harness/core/suite.hpp"
#include "harness/core/toml_table.hpp"

namespace scant {

/// Sets in `protocol` what `table` names; keys inside budget and space override one by one, augment as a whole. Space
/// is checked for its form only: which methods it concerns is known later. Does not call finish().
void read_protocol(TableReader& table, const Catalogue& catalogue, Protocol& protocol);

/// Search spaces by parameter name, checked for their form.
std::map<std::string, Space> read_space(const toml::table& table, Problems& problems);

/// Judges by name, or as { kind = "knn", k = 20, label = "20-NN" }.
std::vector<Judge> read_judges(const toml::array& array, const Catalogue& catalogue, Problems& problems);

/// Replaces the label that a judge looks "on" by what that entry is. Reports labels that no entry has, and bands that
/// an encoder does not see.
void resolve_transfers(std::vector<DatasetEntry>& datasets, const Catalogue& catalogue, TableReader& top);

/// Training-time geometry: { kind = "shift", pad = 4, hflip = true }. Cards state theirs in the same words.
void read_augment(const toml::table& table, Augment& out, Problems& problems);

/// Every [[methods]] entry, its parameters and spaces checked against the catalogue.
std::vector<MethodEntry> read_methods(TableReader& top, const Catalogue& catalogue);

/// Checks the `space` key of a protocol table: at least one method of the suite has each parameter, and the range is
/// legal for all that have it.
void check_shared_space(const toml::table& table, const std::map<std::string, Space>& spaces,
                        const std::vector<MethodEntry>& methods, const Catalogue& catalogue, Problems& problems);

/// Every [[datasets]] entry with its resolved protocol. `shared`: [protocol], may be null.
std::vector<DatasetEntry> read_datasets(TableReader& top, const toml::table* shared,
                                        const std::vector<MethodEntry>& methods, const Catalogue& catalogue);

/// Reads an entry's `name` and looks it up; nullptr after reporting what is wrong.
template <class Spec>
const Spec* read_known_name(TableReader& entry, const char* what, const std::map<std::string, Spec>& known,
                            std::string& name) {
  const toml::node* node = entry.find("name");
  if (!node) entry.problem(fmt::format("this {} needs a name", what));
  if (!entry.read("name", name)) return nullptr;
  const auto found = known.find(name);
  if (found != known.end()) return &found->second;
  entry.problem(*node, fmt::format("unknown {} \"{}\"{}", what, name, suggestion(name, keys_of(known))));
  return nullptr;
}

/// Reads an entry's `label`, which must differ from those of `others`; absent: `label` keeps its value.
template <class Entry>
void read_label(TableReader& entry, const char* what, const std::vector<Entry>& others, std::string& label) {
  const toml::node* node = entry.find("label");
  const auto complain = [&](const std::string& message) {
    node ? entry.problem(*node, message) : entry.problem(message);
  };
  if (entry.read("label", label) && label.empty()) complain("label must not be empty");
  const auto same = [&](const Entry& other) { return !label.empty() && other.label == label; };
  if (std::any_of(others.begin(), others.end(), same)) {
    complain(fmt::format("two {}s have the label \"{}\": give one of them another", what, label));
  }
}

/// Runs a check and reports its InputError at `node`.
template <class Check>
void report_at(const toml::node& node, Problems& problems, const Check& check) {
  try {
    check();
  } catch (const InputError& error) {
    problems.add(node.source(), error.what());
  }
}

}  // namespace scant
