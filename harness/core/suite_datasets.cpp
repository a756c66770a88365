// The [[datasets]] of a suite, each with the protocol that holds for it.
#include "harness/core/suite_parts.hpp"

namespace scant {
namespace {

std::vector<int> read_splits(TableReader& reader, const DatasetSpec* spec) {
  std::vector<int> splits;
  const bool absent = !reader.find("splits");
  const toml::array* array = reader.array("splits");
  if (absent) {
    for (int split = 0; spec && split < spec->splits; ++split) splits.push_back(split);
  }
  if (!array) return splits;
  if (array->empty()) reader.problem(*array, "splits needs at least one number");
  for (const toml::node& node : *array) {
    const auto value = node.is_integer() ? node.as_integer()->get() : std::int64_t{-1};
    if (value < 0 || value > INT_MAX) {
      reader.problem(node, "a split is a whole number from 0");
    } else if (spec && value >= spec->splits) {
      reader.problem(node, fmt::format("dataset \"{}\" has {} split{}, numbered from 0: there is no split {}",
                                       spec->name, spec->splits, spec->splits == 1 ? "" : "s", value));
    } else if (std::find(splits.begin(), splits.end(), value) != splits.end()) {
      reader.problem(node, fmt::format("split {} is listed twice", value));
    } else {
      splits.push_back(static_cast<int>(value));
    }
  }
  return splits;
}

/// Built-in defaults < the card's < [protocol] < the entry.
Protocol resolve(TableReader& entry, const DatasetSpec* spec, const toml::table* shared, const Catalogue& catalogue) {
  Protocol protocol;
  if (spec) {
    protocol.augment = spec->augment;
    if (!spec->backbone.empty()) protocol.backbone = spec->backbone;
    if (spec->epochs > 0) protocol.epochs = spec->epochs;
  }
  if (shared) {
    TableReader reader(*shared, "[protocol]", entry.problems());
    read_protocol(reader, catalogue, protocol);
  }
  read_protocol(entry, catalogue, protocol);
  return protocol;
}

bool same_studies(const DatasetEntry& a, const DatasetEntry& b) {
  const bool share_a_split = std::any_of(a.splits.begin(), a.splits.end(), [&](int split) {
    return std::find(b.splits.begin(), b.splits.end(), split) != b.splits.end();
  });
  return share_a_split && a.name == b.name && a.options == b.options && a.protocol.to_json() == b.protocol.to_json();
}

}  // namespace

std::vector<DatasetEntry> read_datasets(TableReader& top, const toml::table* shared,
                                        const std::vector<MethodEntry>& methods, const Catalogue& catalogue) {
  std::vector<DatasetEntry> datasets;
  const auto entries = top.tables("datasets");
  const toml::node* node = top.find("datasets");
  if (!node || (node->is_array() && entries.empty())) top.problem("a suite needs at least one [[datasets]] entry");
  for (const toml::table* table : entries) {
    TableReader reader(*table, "[[datasets]]", top.problems());
    DatasetEntry entry;
    const DatasetSpec* spec = read_known_name(reader, "dataset", catalogue.datasets, entry.name);
    entry.label = spec && !spec->title.empty() ? spec->title : entry.name;
    read_label(reader, "dataset", datasets, entry.label);
    entry.splits = read_splits(reader, spec);
    const toml::table* options = reader.table("options");
    entry.options = options ? json_of(*options, top.problems()) : Json::object();
    entry.protocol = resolve(reader, spec, shared, catalogue);
    reader.finish();
    check_shared_space(*table, entry.protocol.space, methods, catalogue, top.problems());
    for (const DatasetEntry& other : datasets) {
      if (spec && same_studies(other, entry)) {
        reader.problem(fmt::format("this entry repeats a split of \"{}\" under the same protocol", other.label));
      }
    }
    datasets.push_back(std::move(entry));
  }
  resolve_transfers(datasets, catalogue, top);
  return datasets;
}

}  // namespace scant
