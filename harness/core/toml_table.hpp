// Strict reading of TOML: every error is collected with its place, every key must be one that was asked for. Private to
// the suite parser.
#pragma once
#include <toml++/toml.h>
#include <climits>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {

/// The errors of one file, in the order of their places, each once.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  void add(const toml::source_region& at, const std::string& message);
  /// Throws one InputError with a line for each error, if there are any.
  void throw_if_any() const;

 private:
  std::string file_;
  std::set<std::tuple<int, int, std::string>> errors_;  // line, column, message
};

/// "; did you mean \"xent\"?" for the nearest of `known`, or else "; known: ...".
std::string suggestion(const std::string& name, const std::vector<std::string>& known);

/// The keys of a std::map, in order.
template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

/// A TOML value as JSON: numbers, strings, booleans, arrays and tables; dates and numbers that are not finite are
/// problems and become null.
Json json_of(const toml::node& node, Problems& problems);

/// One table while it is read. Reading a key marks it as known; finish() reports all others. A read_ function leaves
/// its argument alone and returns false where the key is absent or its value is a problem.
class TableReader {
 public:
  /// where: "[protocol]", for messages.
  TableReader(const toml::table& table, std::string where, Problems& problems)
      : table_(table), where_(std::move(where)), problems_(problems) {}

  const toml::node* find(const std::string& key);
  bool read(const std::string& key, std::string& out);
  bool read(const std::string& key, bool& out);
  bool read(const std::string& key, int& out, int low = INT_MIN, int high = INT_MAX);
  bool read(const std::string& key, std::int64_t& out, std::int64_t low, std::int64_t high = INT64_MAX);
  bool read(const std::string& key, double& out, double low, double high);
  /// One of a few names.
  bool read_name(const std::string& key, std::string& out, const std::vector<std::string>& names);
  /// Names, each of a few and none twice.
  bool read_names(const std::string& key, std::vector<std::string>& out, const std::vector<std::string>& names);
  const toml::table* table(const std::string& key);
  const toml::array* array(const std::string& key);
  /// An array of tables, as [[key]] writes it; absent: empty.
  std::vector<const toml::table*> tables(const std::string& key);

  void problem(const toml::node& at, const std::string& message) { problems_.add(at.source(), message); }
  void problem(const std::string& message) { problems_.add(table_.source(), message); }
  void finish();
  const std::string& where() const { return where_; }
  Problems& problems() { return problems_; }

 private:
  const toml::table& table_;
  std::string where_;
  Problems& problems_;
  std::vector<std::string> known_;
};

}  // namespace scant
