// Checks of LARS in the forms of its reference codes, and of LAMB: steps with given gradients.
#include <algorithm>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/optimiser.hpp"

namespace scant {
namespace {

/// Spares parameters whose name contains one of these.
std::function<bool(const std::string&)> naming(const std::vector<std::string>& parts) {
  return [parts](const std::string& name) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const std::string& part) { return name.find(part) != std::string::npos; });
  };
}

/// Which form a reference code has, and what it spares where its parameters do not say.
OptimiserOptions form_of(const std::string& source) {
  const auto by_name = naming({"batch_normalization", "bias"});
  const std::vector<std::pair<std::string, OptimiserOptions>> forms{
      {"google-research/simclr", {.kind = "lars"}},
      {"deepmind", {.kind = "lars-deepmind", .spare = by_name}},
      {"LARC.py", {.kind = "larc"}},
      {"solo-learn", {.kind = "larc"}},
      {"lightly", {.kind = "lars-lightly", .spare = by_name}},
      {"ssl-pathology", {.kind = "lars-ssl-pathology", .spare = by_name}},
      {"RefLAMB", {.kind = "lamb"}},
  };
  for (const auto& [code, options] : forms) {
    if (source.find(code) != std::string::npos) return options;
  }
  throw InputError("no form of LARS is known by the source \"" + source + "\"");
}

/// Parameters under the names that the reference codes give them; "lr" is the step's.
OptimiserOptions lars_options(const std::string& source, const Json& params) {
  OptimiserOptions options = form_of(source);
  for (const auto& [name, value] : params.items()) {
    if (name == "lr" || name == "learning_rate" || name == "exclude") continue;
    if (name == "weight_decay") {
      options.weight_decay = value;
    } else if (name == "momentum") {
      options.momentum = value;
    } else if (name == "use_nesterov" || name == "nesterov") {
      options.nesterov = value;
    } else if (name == "classic_momentum") {
      options.kind = value.get<bool>() ? "lars" : "lars-popular";
    } else if (name == "eeta" || name == "eta" || name == "trust_coefficient") {
      options.trust = value;
    } else if (name == "clip" || name == "clip_lr") {
      options.trust_clip = value;
    } else if (name == "eps") {
      options.epsilon = value.get<double>();
    } else if (name == "exclude_bias_n_norm") {
      options.spare_vectors = value;
    } else if (name == "exclude_from_weight_decay") {
      options.spare = naming(value.is_null() ? std::vector<std::string>{} : value.get<std::vector<std::string>>());
    } else if (name == "betas") {
      options.beta1 = value.at(0);
      options.beta2 = value.at(1);
    } else if (name == "max_grad_norm") {
      options.clip_norm = value;
    } else {
      throw InputError("a parameter that no form of LARS has: " + name);
    }
  }
  return options;
}

void check_steps(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance({.abs = 1e-13, .rel = 1e-10});
  compare.known("output", golden.at("outputs"), {"steps"});
  const Json &params = golden.at("params"), &inputs = golden.at("inputs");
  const double lr = params.contains("lr") ? params.at("lr") : params.at("learning_rate");
  std::vector<NamedParameter> parameters;
  for (const auto& [name, values] : inputs.at("params").items()) {
    parameters.push_back({name, tensor_of(values).requires_grad_(true)});
  }
  const auto optimiser = make_optimiser(parameters, lars_options(golden.at("source"), params));
  const State state = optimiser->state();
  const Json &gradients = inputs.at("grads"), &steps = golden.at("outputs").at("steps");
  compare.exact("steps", gradients.size(), steps.size());
  for (std::size_t step = 0; step < std::min(gradients.size(), steps.size()); ++step) {
    for (NamedParameter& p : parameters) p.tensor.mutable_grad() = tensor_of(gradients[step].at(p.name));
    optimiser->step(lr);
    for (const auto& [what, values] : steps[step].items()) {
      compare.check(what + " is known", what == "params" || what == "momentum");
      compare.exact(what + " of all parameters", values.size(), parameters.size());
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::string& name = parameters[i].name;
        compare.tensor(name, what == "params" ? parameters[i].tensor : state.at(i).second, values.at(name));
      }
    }
  }
}

}  // namespace

const RegisterKind lars_kind{
    {"LARS and LAMB", [](const GoldenFile& file, const Json&) { return file.stem == "lars"; }, check_steps}};

}  // namespace scant
