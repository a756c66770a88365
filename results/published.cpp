// Reads published tables and matches them with ours by name.
#include "results/published.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>

#include "harness/core/error.hpp"

namespace scant {
namespace {

/// A table's name is its benchmark's and its year's; the benchmark's alone means the latest.
std::filesystem::path locate(const std::string& name) {
  if (name.ends_with(".toml")) return name;
  std::vector<std::string> known;
  if (std::filesystem::is_directory(SCANT_PUBLISHED)) {
    for (const auto& entry : std::filesystem::directory_iterator(SCANT_PUBLISHED)) {
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
    }
  }
  std::sort(known.rbegin(), known.rend());
  for (const std::string& table : known) {
    if (table == name || table.substr(0, table.rfind('-')) == name) {
      return std::filesystem::path(SCANT_PUBLISHED) / (table + ".toml");
    }
  }
  throw InputError(
      fmt::format("no published table \"{}\": use one of {} or a path to a .toml file", name,
                  known.empty() ? "(none found in " SCANT_PUBLISHED ")" : fmt::format("{}", fmt::join(known, ", "))));
}

/// Typed access that names the place of what is missing or of the wrong type.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void refuse(const toml::node& at, const std::string& message) const {
    throw InputError(message,
                     {file_, static_cast<int>(at.source().begin.line), static_cast<int>(at.source().begin.column)});
  }
  template <class T>
  T value(const toml::table& table, const char* key) const {
    const auto found = table[key].value<T>();
    if (!found) refuse(table, fmt::format("\"{}\" is missing or of the wrong type", key));
    return *found;
  }
  const toml::array& list(const toml::table& table, const char* key) const {
    const toml::array* found = table[key].as_array();
    if (!found) refuse(table, fmt::format("\"{}\" must be a list", key));
    return *found;
  }
  const toml::table& table(const toml::node& node) const {
    if (!node.is_table()) refuse(node, "a table such as { dataset = ..., label = ... } belongs here");
    return *node.as_table();
  }
  void only(const toml::table& table, const std::vector<std::string>& known) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        refuse(node, fmt::format("unknown key \"{}\": use {}", name, fmt::join(known, ", ")));
      }
    }
  }

 private:
  std::string file_;
};

Published::Row read_row(const Reader& read, const toml::table& table, std::size_t columns) {
  read.only(table, {"method", "label", "means"});
  Published::Row row{read.value<std::string>(table, "method"), read.value<std::string>(table, "label"), {}};
  for (const toml::node& node : read.list(table, "means")) {
    const auto mean = node.value<double>();
    if (!mean || !(*mean >= 0 && *mean <= 100)) read.refuse(node, "a mean is a number of per cent from 0 to 100");
    row.means.push_back(*mean);
  }
  if (row.means.size() != columns) {
    read.refuse(table, fmt::format("{} means for {} columns", row.means.size(), columns));
  }
  return row;
}

}  // namespace

Published read_published(const std::string& name) {
  const std::string file = locate(name).string();
  const Reader read(file);
  toml::table table;
  try {
    table = toml::parse_file(file);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw InputError(std::string(error.description()), {file, static_cast<int>(at.line), static_cast<int>(at.column)});
  }
  read.only(table, {"title", "source", "metric", "runs", "splits", "note", "columns", "rows"});
  Published published;
  published.title = read.value<std::string>(table, "title");
  published.source = read.value<std::string>(table, "source");
  published.metric = read.value<std::string>(table, "metric");
  published.note = read.value<std::string>(table, "note");
  published.runs = read.value<int>(table, "runs");
  for (const toml::node& node : read.list(table, "splits")) {
    const auto split = node.value<int>();
    if (!split) read.refuse(node, "a split is a whole number");
    published.splits.push_back(*split);
  }
  for (const toml::node& node : read.list(table, "columns")) {
    const toml::table& column = read.table(node);
    read.only(column, {"dataset", "label"});
    published.columns.push_back({read.value<std::string>(column, "dataset"), read.value<std::string>(column, "label")});
  }
  for (const toml::node& node : read.list(table, "rows")) {
    published.rows.push_back(read_row(read, read.table(node), published.columns.size()));
  }
  return published;
}

Suite restrict_to(const Published& published, Suite suite) {
  for (DatasetEntry& dataset : suite.datasets) {
    std::erase_if(dataset.splits, [&](int split) {
      return std::find(published.splits.begin(), published.splits.end(), split) == published.splits.end();
    });
  }
  std::erase_if(suite.datasets, [](const DatasetEntry& dataset) { return dataset.splits.empty(); });
  return suite;
}

std::vector<Pair> pair_up(const Table& ours, const Published& published) {
  std::vector<Pair> pairs;
  for (std::size_t c = 0; c < ours.columns.size(); ++c) {
    const auto column = std::find_if(published.columns.begin(), published.columns.end(),
                                     [&](const auto& theirs) { return theirs.dataset == ours.datasets[c]; });
    if (column == published.columns.end()) continue;
    for (std::size_t r = 0; r < ours.rows.size(); ++r) {
      const auto row = std::find_if(published.rows.begin(), published.rows.end(),
                                    [&](const auto& theirs) { return theirs.method == ours.rows[r].method; });
      if (row == published.rows.end()) continue;
      Pair pair{ours.columns[c], ours.rows[r].label, r, c, 0, {}};
      pair.published = row->means[static_cast<std::size_t>(column - published.columns.begin())];
      if (const auto mean = ours.rows[r].cells[c].mean) pair.difference = *mean - pair.published;
      pairs.push_back(std::move(pair));
    }
  }
  if (pairs.empty()) {
    throw InputError(
        fmt::format("nothing to compare: no method and dataset of this suite stand in \"{}\"", published.title));
  }
  return pairs;
}

}  // namespace scant
