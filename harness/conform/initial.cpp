// Checks of the initial distribution of every tensor of a network.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <regex>
#include <sstream>

#include "harness/conform/module_case.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

/// "harmonic rn50 13ch", "scattering rn50 N64 J3": method, backbone, channels and side of the images, parameters.
struct Model {
  Variant variant;
  std::string backbone;
  int channels = 3, side = 32;
};

/// No method where the label says more than these.
Model parse_label(const std::string& label) {
  std::istringstream words(label);
  Model model;
  std::string method;
  words >> method >> model.backbone;
  model.variant = variant_of(method);
  std::smatch match;
  for (std::string word; words >> word;) {
    if (std::regex_match(word, match, std::regex("([0-9]+)ch"))) {
      model.channels = std::stoi(match[1]);
    } else if (std::regex_match(word, match, std::regex("N([0-9]+)"))) {
      model.side = std::stoi(match[1]);
    } else if (std::regex_match(word, match, std::regex("([A-Z])([0-9]+)"))) {
      model.variant.params[match[1].str()] = std::stoi(match[2]);
    } else {
      return {};
    }
  }
  return is_backbone(model.backbone) && methods().contains(model.variant.method) ? model : Model{};
}

/// The classifier is "fc", the last of the layers called so, or the head that stands on a wider "fc".
int classes_in(const Json& rows) {
  int classes = 0;
  for (const Json& row : rows) {
    if (row.at(0) == "main_net.classifier1.2.weight") return row.at(1).at(0);
    if (std::string(row.at(0)).ends_with("fc.weight")) classes = row.at(1).at(0);
  }
  if (classes == 0) throw InputError("no classifier among the tensors");
  return classes;
}

std::int64_t fan_in(const torch::Tensor& weight) {
  return weight.numel() / weight.size(0);
}

/// Mean and deviation within five standard errors, and the extreme value where the distribution has one or must not.
void check_spread(const std::string& name, const torch::Tensor& tensor, double deviation, bool uniform,
                  Comparison& compare) {
  const torch::Tensor values = tensor.detach().to(torch::kFloat64);
  const auto n = static_cast<double>(values.numel());
  const double mean = values.mean().item<double>(), largest = values.abs().max().item<double>();
  const double spread = std::sqrt((values * values).mean().item<double>());
  compare.check(name + ": mean", std::abs(mean) <= 5 * deviation / std::sqrt(n),
                fmt::format("{:.3g} of {} values with deviation {:.3g}", mean, n, deviation));
  compare.check(name + ": deviation", std::abs(spread - deviation) <= 5 * deviation / std::sqrt(2 * n),
                fmt::format("{:.5g} instead of {:.5g}", spread, deviation));
  const double bound = deviation * std::sqrt(3.0);
  if (uniform) {
    compare.check(name + ": bound", largest <= bound * (1 + 1e-6), fmt::format("{:.5g} above {:.5g}", largest, bound));
  } else if (n >= 200) {
    compare.check(name + ": tails of a normal distribution", largest > bound, fmt::format("largest {:.5g}", largest));
  }
}

/// Which of the two the file means by "uniform": it was concluded from the largest value, which four deviations of a
/// normal distribution with grouped weights can equal, so the deviation measured beside it decides.
bool is_uniform(const Json& row, double uniform_deviation, double normal_deviation) {
  const double measured = row.at(4);
  return std::abs(measured - uniform_deviation) <= std::abs(measured - normal_deviation);
}

void check_row(const Json& row, const std::map<std::string, torch::Tensor>& tensors, Comparison& compare) {
  const std::string name = row.at(0), rule = row.at(2);
  const auto found = tensors.find(name);
  compare.check("tensor " + name, found != tensors.end(), "missing");
  if (found == tensors.end()) return;
  const torch::Tensor& tensor = found->second;
  compare.exact(name + ".shape", Json(tensor.sizes().vec()), row.at(1));
  const auto in = static_cast<double>(tensor.dim() > 1 ? fan_in(tensor) : 1);
  const double out = static_cast<double>(tensor.numel()) / static_cast<double>(tensor.dim() > 1 ? tensor.size(1) : 1);
  if (rule.starts_with("normal std sqrt(2/fan_in)")) {
    check_spread(name, tensor, std::sqrt(2 / in), false, compare);
  } else if (rule.starts_with("normal std sqrt(2/fan")) {
    check_spread(name, tensor, std::sqrt(2 / out), false, compare);
  } else if (rule.starts_with("uniform(-1/sqrt(fan_in)")) {
    const double uniform = 1 / std::sqrt(3 * in), normal = std::sqrt(2 / out);
    const bool is = is_uniform(row, uniform, normal);
    check_spread(name, tensor, is ? uniform : normal, is, compare);
  } else if (rule.starts_with("1-D random")) {
    const auto weight = tensors.find(name.substr(0, name.rfind('.')) + ".weight");
    compare.check("weight beside " + name, weight != tensors.end(), "missing");
    if (weight == tensors.end()) return;
    const double deviation = 1 / std::sqrt(3.0 * static_cast<double>(fan_in(weight->second)));
    check_spread(name, tensor, deviation, true, compare);
  } else if (std::smatch number; std::regex_search(rule, number, std::regex(R"(^other \(std ([0-9.]+)\))"))) {
    check_spread(name, tensor, std::stod(number[1]), false, compare);
  } else {
    compare.check(name, false, "no check for the rule \"" + rule + "\"");
  }
}

void check_initial(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const std::string label = golden.at("case");
  const Model model = parse_label(label);
  const Json& rows = golden.at("rows");
  const auto method = build_for_conformance(model.variant.method, model.variant.params, model.backbone, model.channels,
                                            classes_in(rows), model.side);
  const State state = module_state(enter_stage(*method, model.variant.stage));
  const std::map<std::string, torch::Tensor> tensors(state.begin(), state.end());
  for (const Json& row : rows) check_row(row, tensors, compare);

  const Json constants = file.content.at("constants").value(label, Json::object());
  for (const auto& [key, count] : constants.items()) {
    std::smatch match;
    if (!std::regex_search(key, match, std::regex("BN/other ([^']+)'.*constant ([-0-9.e]+)"))) {
      throw InputError("a constant cannot be read: " + key);
    }
    const double value = std::stod(match[2]);
    int found = 0;
    for (const auto& [name, tensor] : tensors) {
      const std::string last = name.substr(name.rfind('.') + 1);
      if (last == match[1] && (tensor == value).all().item<bool>()) ++found;
    }
    compare.exact(key, found, count);
  }
}

}  // namespace

const RegisterKind initial_kind{{"initial distributions",
                                 [](const GoldenFile& file, const Json& golden) {
                                   return file.stem == "init_rules" && golden.contains("case") &&
                                          !parse_label(golden.at("case")).variant.method.empty();
                                 },
                                 check_initial}};

}  // namespace scant
