// Checks of coordinate descent on a grid whose scores a formula gives.
#include "harness/core/coordinate_descent.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "harness/conform/golden_fields.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

/// Value of a formula of sums, products (also without a sign: "3(a-c0)b"), powers and named numbers.
class Formula {
 public:
  Formula(const std::string& text, const std::map<std::string, double>& names) : names_(names) {
    for (const char c : text) {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) text_ += c;
    }
  }
  double value() {
    const double result = sum();
    if (at_ != text_.size()) fail();
    return result;
  }

 private:
  [[noreturn]] void fail() const { throw InputError("cannot read the formula \"" + text_ + "\""); }
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }
  bool letter() const { return std::isalpha(static_cast<unsigned char>(next())) != 0; }
  bool digit() const { return std::isdigit(static_cast<unsigned char>(next())) != 0 || next() == '.'; }

  double sum() {
    double total = take('-') ? -product() : product();
    while (next() == '+' || next() == '-') total += take('+') ? product() : (++at_, -product());
    return total;
  }
  double product() {
    double total = power();
    while (take('*') || digit() || letter() || next() == '(') total *= power();
    return total;
  }
  double power() {
    const double base = atom();
    return take('^') ? std::pow(base, atom()) : base;
  }
  double atom() {
    if (take('(')) {
      const double inside = sum();
      if (!take(')')) fail();
      return inside;
    }
    const std::size_t begin = at_;
    if (digit()) {
      while (digit()) ++at_;
      return std::stod(text_.substr(begin, at_ - begin));
    }
    if (!letter()) fail();
    while (letter() || digit()) ++at_;
    const auto found = names_.find(text_.substr(begin, at_ - begin));
    if (found == names_.end()) fail();
    return found->second;
  }

  const std::map<std::string, double>& names_;
  std::string text_;
  std::size_t at_ = 0;
};

/// What the formula calls a coordinate.
const char* symbol_of(const std::string& coordinate) {
  if (coordinate == "log10_w_pos") return "a";
  if (coordinate == "log10_w_ent") return "b";
  if (coordinate == "log2_batch") return "k";
  throw InputError("the formula has no name for the coordinate \"" + coordinate + "\"");
}

std::vector<GridAxis> axes_of(const Json& golden) {
  std::vector<GridAxis> axes;
  for (const std::string name : golden.at("params").at("order")) {
    axes.push_back({name, doubles_of(golden.at("inputs").at("grid").at(name))});
  }
  return axes;
}

GridScore surface_of(const Json& golden, const std::vector<GridAxis>& axes) {
  const Json& surface = golden.at("inputs").at("surface");
  std::map<std::string, double> names;
  for (const auto& [name, value] : surface.items()) {
    if (value.is_number()) names[name] = value;
  }
  return [names, axes, formula = std::string(surface.at("formula"))](const std::vector<double>& point) {
    std::map<std::string, double> all = names;
    for (std::size_t i = 0; i < axes.size(); ++i) all[symbol_of(axes[i].name)] = point[i];
    return Formula(formula, all).value();
  };
}

std::vector<std::size_t> start_of(const Json& golden, const std::vector<GridAxis>& axes) {
  std::vector<std::size_t> start;
  for (const GridAxis& axis : axes) {
    const double value = golden.at("inputs").at("start").at(axis.name);
    start.push_back(
        static_cast<std::size_t>(std::find(axis.values.begin(), axis.values.end(), value) - axis.values.begin()));
  }
  return start;
}

void check_descent(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.known("param", golden.at("params"), {"line_search", "order"});
  compare.exact("line_search",
                "grid neighbours: walk up first, else walk down, stop at first non-improvement; repeat sweeps until no "
                "coordinate moves; cached evaluations are free",
                golden.at("params").at("line_search"));
  const std::vector<GridAxis> axes = axes_of(golden);
  const GridScore score = surface_of(golden, axes);
  const std::vector<CoordinateStep> steps = coordinate_descent(axes, start_of(golden, axes), score);
  const GridOptimum best = best_of_grid(axes, score);
  Json trace = Json::array();
  for (const CoordinateStep& step : steps) {
    Json point;
    for (std::size_t i = 0; i < axes.size(); ++i) point[axes[i].name] = step.point[i];
    trace.push_back({{"coordinate", axes[step.axis].name},
                     {"point", point},
                     {"value", step.value},
                     {"evaluations_so_far", step.evaluations}});
  }
  compare.set_tolerance(kNineDigits);
  compare_fields(compare, "",
                 {{"trace", trace},
                  {"grid_optimum", best.value},
                  {"grid_size", best.points},
                  {"evaluations", steps.back().evaluations}},
                 golden.at("outputs"));
}

}  // namespace

const RegisterKind descent_kind{{"coordinate descent on a grid",
                                 [](const GoldenFile& file, const Json& golden) {
                                   return file.stem == "balance_tsint" && golden.contains("inputs") &&
                                          golden.at("inputs").contains("surface");
                                 },
                                 check_descent}};

}  // namespace scant
