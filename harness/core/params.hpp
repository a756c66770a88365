// How a method declares its parameters: once, with default, meaning, legal range and search space. The suite reader,
// `scant list`, `scant show` and the tuner read that declaration.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {

/// What random search draws from.
struct Space {
  enum class Kind { uniform, log_uniform, choice };
  Kind kind = Kind::choice;
  double low = 0, high = 0;    // uniform, log_uniform
  std::vector<Json> values{};  // choice
  Json to_json() const;
};

/// The legal values of a number: low <= x <= high.
struct Interval {
  double low, high;
};

struct ParamSpec {
  std::string name;
  Json default_value;
  std::string meaning;
  std::optional<Interval> legal;  // numbers
  std::vector<Json> one_of{};     // names
  std::optional<Space> search{};  // absent: fixed at the default unless a suite says otherwise
};

/// Throws InputError naming the parameter, the value and what is legal.
void check_param(const ParamSpec& spec, const Json& value);

/// Names that a parameter may have, as `one_of` takes them.
inline std::vector<Json> names_of(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

inline Space uniform(double low, double high) {
  return {Space::Kind::uniform, low, high};
}
inline Space log_uniform(double low, double high) {
  return {Space::Kind::log_uniform, low, high};
}
inline Space choice(std::vector<Json> values) {
  return {Space::Kind::choice, 0, 0, std::move(values)};
}

/// Visitor that lists what `visit` declares:
///   template <class V> void visit(V& p) { p("kappa", kappa, "concentration", Interval{-0.5, 1e3},
///   choice({4.0, 16.0, 64.0})); }
class ParamLister {
 public:
  template <class T>
  void operator()(const char* name, T& value, const char* meaning, Interval legal, std::optional<Space> search = {}) {
    specs.push_back({name, Json(value), meaning, legal, {}, std::move(search)});
  }
  template <class T>
  void operator()(const char* name, T& value, const char* meaning, std::vector<Json> one_of,
                  std::optional<Space> search = {}) {
    specs.push_back({name, Json(value), meaning, {}, std::move(one_of), std::move(search)});
  }
  std::vector<ParamSpec> specs;
};

/// Visitor that sets the members from a JSON object; an absent key leaves the default. Throws InputError on a bad
/// value.
class ParamReader {
 public:
  explicit ParamReader(const Json& values) : values_(values) {}
  template <class T, class Legal>
  void operator()(const char* name, T& value, const char* meaning, Legal legal, const std::optional<Space>& = {}) {
    if (!values_.contains(name)) return;
    ParamLister lister;
    lister(name, value, meaning, std::move(legal));
    check_param(lister.specs.front(), values_.at(name));
    value = values_.at(name).template get<T>();
  }

 private:
  const Json& values_;
};

}  // namespace scant
