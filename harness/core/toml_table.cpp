// Typed, strict access to TOML tables.
#include "harness/core/toml_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace scant {
namespace {

std::string type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

}  // namespace

void Problems::add(const toml::source_region& at, const std::string& message) {
  errors_.emplace(static_cast<int>(at.begin.line), static_cast<int>(at.begin.column), message);
}

void Problems::throw_if_any() const {
  if (errors_.empty()) return;
  // InputError puts the first error's place in front; the others carry theirs in the text.
  std::string message;
  for (const auto& [line, column, text] : errors_) {
    message += message.empty() ? text : fmt::format("\n{}:{}:{}: {}", file_, line, column, text);
  }
  const auto& [line, column, text] = *errors_.begin();
  throw InputError(message, {file_, line, column});
}

std::string suggestion(const std::string& name, const std::vector<std::string>& known) {
  if (const std::string near = nearest_name(name, known); !near.empty()) {
    return fmt::format("; did you mean \"{}\"?", near);
  }
  return known.empty() ? "" : fmt::format("; known: {}", fmt::join(known, ", "));
}

Json json_of(const toml::node& node, Problems& problems) {
  switch (node.type()) {
    case toml::node_type::table: {
      Json object = Json::object();
      for (const auto& [key, value] : *node.as_table()) object[std::string(key.str())] = json_of(value, problems);
      return object;
    }
    case toml::node_type::array: {
      Json array = Json::array();
      for (const toml::node& value : *node.as_array()) array.push_back(json_of(value, problems));
      return array;
    }
    case toml::node_type::string:
      return node.as_string()->get();
    case toml::node_type::integer:
      return node.as_integer()->get();
    case toml::node_type::boolean:
      return node.as_boolean()->get();
    case toml::node_type::floating_point:
      if (std::isfinite(node.as_floating_point()->get())) return node.as_floating_point()->get();
      problems.add(node.source(), "must be finite");
      return nullptr;
    default:
      problems.add(node.source(), "dates and times mean nothing here");
      return nullptr;
  }
}

const toml::node* TableReader::find(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return table_.get(key);
}

bool TableReader::read(const std::string& key, std::string& out) {
  const toml::node* node = find(key);
  if (!node) return false;
  if (!node->is_string()) {
    problem(*node, fmt::format("{} must be a string, not {}", key, type_of(*node)));
    return false;
  }
  out = node->as_string()->get();
  return true;
}

bool TableReader::read(const std::string& key, bool& out) {
  const toml::node* node = find(key);
  if (!node) return false;
  if (!node->is_boolean()) {
    problem(*node, fmt::format("{} must be true or false, not {}", key, type_of(*node)));
    return false;
  }
  out = node->as_boolean()->get();
  return true;
}

bool TableReader::read(const std::string& key, int& out, int low, int high) {
  std::int64_t wide = 0;
  if (!read(key, wide, low, high)) return false;
  out = static_cast<int>(wide);
  return true;
}

bool TableReader::read(const std::string& key, std::int64_t& out, std::int64_t low, std::int64_t high) {
  const toml::node* node = find(key);
  if (!node) return false;
  if (!node->is_integer()) {
    problem(*node, fmt::format("{} must be a whole number, not {}", key, type_of(*node)));
    return false;
  }
  const std::int64_t value = node->as_integer()->get();
  if (value < low || value > high) {
    const std::string bound = value < low ? fmt::format("at least {}", low) : fmt::format("at most {}", high);
    problem(*node, fmt::format("{} is {}, but must be {}", key, value, bound));
    return false;
  }
  out = value;
  return true;
}

bool TableReader::read(const std::string& key, double& out, double low, double high) {
  const toml::node* node = find(key);
  if (!node) return false;
  if (!node->is_number()) {
    problem(*node, fmt::format("{} must be a number, not {}", key, type_of(*node)));
    return false;
  }
  const double value = node->value<double>().value_or(NAN);
  if (!(value >= low && value <= high)) {
    problem(*node, fmt::format("{} is {}, but must be within [{}, {}]", key, value, low, high));
    return false;
  }
  out = value;
  return true;
}

bool TableReader::read_name(const std::string& key, std::string& out, const std::vector<std::string>& names) {
  std::string value;
  if (!read(key, value)) return false;
  if (std::find(names.begin(), names.end(), value) == names.end()) {
    problem(*table_.get(key), fmt::format("{} cannot be \"{}\"{}", key, value, suggestion(value, names)));
    return false;
  }
  out = value;
  return true;
}

bool TableReader::read_names(const std::string& key, std::vector<std::string>& out,
                             const std::vector<std::string>& names) {
  const toml::array* values = array(key);
  if (!values) return false;
  for (const toml::node& node : *values) {
    const auto value = node.value<std::string>();
    if (!value) {
      problem(node, fmt::format("{} must hold names, not {}", key, type_of(node)));
    } else if (std::find(names.begin(), names.end(), *value) == names.end()) {
      problem(node, fmt::format("{} cannot hold \"{}\"{}", key, *value, suggestion(*value, names)));
    } else if (std::find(out.begin(), out.end(), *value) != out.end()) {
      problem(node, fmt::format("{} holds \"{}\" twice", key, *value));
    } else {
      out.push_back(*value);
    }
  }
  return true;
}

const toml::table* TableReader::table(const std::string& key) {
  const toml::node* node = find(key);
  if (node && !node->is_table()) problem(*node, fmt::format("{} must be a table, not {}", key, type_of(*node)));
  return node ? node->as_table() : nullptr;
}

const toml::array* TableReader::array(const std::string& key) {
  const toml::node* node = find(key);
  if (node && !node->is_array()) problem(*node, fmt::format("{} must be an array, not {}", key, type_of(*node)));
  return node ? node->as_array() : nullptr;
}

std::vector<const toml::table*> TableReader::tables(const std::string& key) {
  std::vector<const toml::table*> found;
  const toml::node* node = find(key);
  if (!node) return found;
  if (!node->is_array()) {
    problem(*node, fmt::format("write [[{}]], once for each entry", key));
    return found;
  }
  for (const toml::node& entry : *node->as_array()) {
    if (entry.is_table()) {
      found.push_back(entry.as_table());
    } else {
      problem(entry, fmt::format("write [[{}]], once for each entry", key));
    }
  }
  return found;
}

void TableReader::finish() {
  for (const auto& [key, value] : table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    problems_.add(key.source(), fmt::format("unknown key \"{}\" in {}{}", name, where_, suggestion(name, known_)));
  }
}

}  // namespace scant
