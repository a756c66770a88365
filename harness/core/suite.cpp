// Reads a suite file: strict about every key and name, and everything that is wrong with it is reported at once.
#include "harness/core/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/core/hash.hpp"
#include "harness/core/suite_parts.hpp"

namespace scant {
namespace {

bool is_file_name(const std::string& name) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), plain);
}

void read_head(TableReader& top, Suite& suite) {
  if (top.read("name", suite.name) && !is_file_name(suite.name)) {
    top.problem(*top.find("name"), "name becomes a folder: use letters, digits, '-', '_' and '.'");
  }
  top.read("description", suite.description);
  std::int64_t seed = 0;
  if (top.read("seed", seed, std::int64_t{0})) suite.seed = static_cast<std::uint64_t>(seed);
}

/// Reads [protocol] once for its own sake, so that its errors show even where every dataset overrides it.
const toml::table* read_shared(TableReader& top, const Suite& suite, const Catalogue& catalogue) {
  const toml::table* table = top.table("protocol");
  if (!table) return nullptr;
  TableReader reader(*table, "[protocol]", top.problems());
  Protocol protocol;
  read_protocol(reader, catalogue, protocol);
  reader.finish();
  check_shared_space(*table, protocol.space, suite.methods, catalogue, top.problems());
  return table;
}

void read_groups(TableReader& table, std::vector<RowGroup>& groups, const std::vector<std::string>& labels) {
  std::set<std::string> grouped;
  for (const toml::table* entry : table.tables("groups")) {
    TableReader reader(*entry, "[[table.groups]]", table.problems());
    RowGroup& group = groups.emplace_back();
    if (!reader.read("title", group.title) || group.title.empty()) reader.problem("a group needs a title");
    reader.read_names("rows", group.rows, labels);
    for (const std::string& row : group.rows) {
      if (!grouped.insert(row).second) reader.problem(fmt::format("\"{}\" is in two groups", row));
    }
    reader.finish();
  }
}

void read_table(TableReader& top, Suite& suite) {
  const toml::table* table = top.table("table");
  if (!table) return;
  TableReader reader(*table, "[table]", top.problems());
  reader.read_name("metric", suite.table.metric, table_metrics());
  reader.read_name("spread", suite.table.spread, {"population", "sample", "standard-error"});
  reader.read_name("correction", suite.table.correction, {"none", "holm", "benjamini-hochberg"});
  reader.read("alpha", suite.table.alpha, 0.0001, 0.5);
  reader.read("decimals", suite.table.decimals, 0, 6);
  std::vector<std::string> labels;
  for (const MethodEntry& method : suite.methods) labels.push_back(method.label);
  reader.read_name("reference", suite.table.reference, labels);
  reader.read_names("rows", suite.table.rows, labels);
  read_groups(reader, suite.table.groups, labels);
  labels.clear();
  for (const DatasetEntry& dataset : suite.datasets) labels.push_back(dataset.label);
  reader.read_names("columns", suite.table.columns, labels);
  reader.read_name("judge", suite.table.judge, judge_labels(suite));
  reader.finish();
}

}  // namespace

const std::vector<std::string>& table_metrics() {
  static const std::vector<std::string> names{"balanced_accuracy", "accuracy", "macro_f1",
                                              "calibration_error", "brier",    "log_loss"};
  return names;
}

std::vector<std::string> judge_labels(const Suite& suite) {
  std::vector<std::string> labels;
  for (const DatasetEntry& dataset : suite.datasets) {
    for (const Judge& judge : dataset.protocol.judges) {
      if (std::find(labels.begin(), labels.end(), judge.label) == labels.end()) labels.push_back(judge.label);
    }
  }
  return labels;
}

Suite parse_suite(const std::string& text, const std::string& file, const Catalogue& catalogue) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw InputError(std::string(error.description()), {file, static_cast<int>(at.line), static_cast<int>(at.column)});
  }
  Suite suite;
  suite.name = std::filesystem::path(file).stem().string();
  suite.digest = sha256_hex(text);
  Problems problems(file);
  TableReader top(root, "the suite", problems);
  read_head(top, suite);
  suite.methods = read_methods(top, catalogue);
  const toml::table* shared = read_shared(top, suite, catalogue);
  suite.datasets = read_datasets(top, shared, suite.methods, catalogue);
  read_table(top, suite);
  top.finish();
  problems.throw_if_any();
  return suite;
}

Suite read_suite(const std::filesystem::path& file, const Catalogue& catalogue) {
  return parse_suite(read_file(file), file.string(), catalogue);
}

}  // namespace scant
