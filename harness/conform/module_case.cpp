// What checks of layers, blocks and networks share.
#include "harness/conform/module_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>

#include "harness/core/error.hpp"

namespace scant {
namespace {

std::map<std::string, torch::Tensor> tensors_by_name(torch::nn::Module& module) {
  const State state = module_state(module);
  return {state.begin(), state.end()};
}

}  // namespace

std::unique_ptr<GradientMethod> build_for_conformance(const std::string& method, const Json& params,
                                                      const std::string& backbone, int channels, int classes,
                                                      int side) {
  const auto entry = methods().find(method);
  if (entry == methods().end()) throw InputError(fmt::format("no method is called \"{}\"", method));
  std::unique_ptr<Method> made = entry->second.make(params);
  auto* gradient = dynamic_cast<GradientMethod*>(made.get());
  if (gradient == nullptr) throw InputError(fmt::format("\"{}\" is not trained by gradient descent", method));
  made.release();
  std::unique_ptr<GradientMethod> result(gradient);
  Task task;
  task.trial.method = method;
  task.trial.params = params;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.compat = "gem";
  task.trial.epochs = 1;
  task.channels = channels;
  task.classes = classes;
  task.side = side;
  result->build(task);
  return result;
}

void compare_statistics(const std::string& name, const torch::Tensor& got, const Json& expected, Comparison& compare) {
  const torch::Tensor flat = got.detach().to(torch::kFloat64).contiguous().flatten();
  if (expected.contains("shape")) compare.exact(name + ".shape", Json(got.sizes().vec()), expected.at("shape"));
  if (expected.contains("sum")) compare.number(name + ".sum", flat.sum().item<double>(), expected.at("sum"));
  if (expected.contains("abs_sum")) {
    compare.number(name + ".abs_sum", flat.abs().sum().item<double>(), expected.at("abs_sum"));
  }
  if (expected.contains("l2")) compare.number(name + ".l2", flat.norm().item<double>(), expected.at("l2"));
  if (expected.contains("first")) compare.number(name + ".first", flat[0].item<double>(), expected.at("first"));
  if (expected.contains("last")) compare.number(name + ".last", flat[-1].item<double>(), expected.at("last"));
}

Variant variant_of(std::string label) {
  std::replace(label.begin(), label.end(), '+', '-');
  std::smatch match;
  if (std::regex_match(label, match, std::regex("(.+) ([A-Za-z_]+)=([0-9]+)"))) {
    Variant variant = variant_of(match[1]);
    variant.params[match[2].str()] = std::stoi(match[3]);
    return variant;
  }
  if (std::regex_match(label, match, std::regex(R"((.+)\((no )?([a-z_]+)\))"))) {
    return {match[1], {{match[3].str(), !match[2].matched}}, ""};
  }
  const auto dash = label.rfind('-');
  if (!methods().contains(label) && dash != std::string::npos) {
    return {label.substr(0, dash), Json::object(), label.substr(dash + 1)};
  }
  return {label, Json::object(), ""};
}

torch::nn::Module& enter_stage(GradientMethod& method, const std::string& stage) {
  if (stage.empty()) return method.network();
  const auto& children = method.network().named_children();
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].key() != stage) continue;
    for (std::size_t phase = 0; phase <= i; ++phase) method.enter_phase(phase);
    return *children[i].value();
  }
  throw InputError(fmt::format("the method has no phase called \"{}\"", stage));
}

std::string backbone_in(const std::string& text) {
  static const std::regex pattern("wrn-[0-9]+-[0-9]+|rn[0-9]+");
  std::smatch match;
  return std::regex_search(text, match, pattern) ? match.str() : "";
}

void to_double(torch::nn::Module& module) {
  for (auto& [name, tensor] : module_state(module)) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(torch::kFloat64));
  }
}

void fill_module(torch::nn::Module& module, const Json& tensors, std::uint64_t seed, Comparison& compare) {
  const torch::NoGradGuard no_grad;
  State state = module_state(module);
  compare.check("number of tensors", state.size() == tensors.size(),
                fmt::format("{} instead of {}", state.size(), tensors.size()));
  for (std::size_t i = 0; i < std::min<std::size_t>(state.size(), tensors.size()); ++i) {
    auto& [name, tensor] = state[i];
    const Json& golden = tensors[i];
    compare.exact("tensor name", name, golden.at("name"));
    compare.exact(name + ".shape", Json(tensor.sizes().vec()), golden.at("shape"));
    if (golden.at("kind") == "param") {
      compare.check(name + " trainable", tensor.requires_grad() != golden.value("frozen", false));
    }
    const Json& fill = golden.at("fill");
    if (!fill.is_array() || !compare.differences().empty()) continue;
    tensor.copy_(hash_fill(seed, golden.at("i"), tensor.sizes().vec(), fill.at(0), fill.at(1)));
  }
}

void compare_gradients(torch::nn::Module& module, const Json& expected, Comparison& compare) {
  const auto tensors = tensors_by_name(module);
  for (const Json& golden : expected) {
    const std::string name = golden.at("name");
    const auto found = tensors.find(name);
    compare.check("parameter " + name, found != tensors.end(), "missing");
    if (found == tensors.end()) continue;
    const torch::Tensor grad = found->second.grad();
    const bool none = golden.contains("grad") && golden.at("grad").is_null();
    compare.check("gradient of " + name, grad.defined() != none, none ? "there is one" : "there is none");
    if (none || !grad.defined()) continue;
    if (golden.contains("grad")) {
      compare.tensor("gradient of " + name, grad, golden.at("grad"));
    } else {
      compare_statistics("gradient of " + name, grad, golden.contains("stats") ? golden.at("stats") : golden, compare);
    }
  }
}

void compare_tensors(torch::nn::Module& module, const Json& expected, Comparison& compare) {
  const auto tensors = tensors_by_name(module);
  for (const Json& golden : expected) {
    const std::string name = golden.at("name");
    const auto found = tensors.find(name);
    compare.check("tensor " + name, found != tensors.end(), "missing");
    if (found == tensors.end()) continue;
    if (golden.contains("value")) {
      compare.tensor(name, found->second, golden.at("value"));
    } else {
      compare_statistics(name, found->second, golden.contains("stats") ? golden.at("stats") : golden, compare);
    }
  }
}

void compare_output(const std::string& what, const torch::Tensor& got, const Json& expected, Comparison& compare) {
  if (!expected.is_object()) {
    compare.tensor(what, got, expected);
    return;
  }
  const torch::Tensor rows = got.detach().flatten(1);
  if (expected.contains("shape")) compare.exact(what + ".shape", Json(got.sizes().vec()), expected.at("shape"));
  compare.tensor(what + ".first16_per_row", rows.narrow(1, 0, std::min<std::int64_t>(16, rows.size(1))),
                 expected.at("first16_per_row"));
  compare.tensor(what + ".row_sums", rows.sum(1), expected.at("row_sums"));
  compare.tensor(what + ".row_l2", rows.norm(2, 1), expected.at("row_l2"));
}

void check_module(const Json& golden, torch::nn::Module& module,
                  const std::function<torch::Tensor(const torch::Tensor&)>& forward, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const std::uint64_t seed = inputs.at("fill_seed");
  to_double(module);
  fill_module(module, inputs.at("tensors"), seed, compare);
  if (golden.contains("n_params")) {
    std::int64_t parameters = 0;
    for (const torch::Tensor& p : module.parameters()) parameters += p.numel();
    compare.exact("n_params", parameters, golden.at("n_params"));
  }
  const torch::Tensor x = tensor_of(inputs.at("x"));
  {
    const torch::NoGradGuard no_grad;
    module.eval();
    const torch::Tensor out = forward(x);
    compare.exact("out_shape", Json(out.sizes().vec()), expected.at("out_shape"));
    compare_output("eval_out", out, expected.at("eval_out"), compare);
  }
  module.train();
  const torch::Tensor input = x.clone().requires_grad_(true), out = forward(input);
  compare_output("train_out", out, expected.at("train_out"), compare);
  constexpr std::uint64_t loss_tensor = 900;
  const torch::Tensor loss = (out * hash_fill(seed, loss_tensor, out.sizes().vec(), 0, 1)).sum();
  loss.backward();
  compare.number("train_loss", loss.item<double>(), expected.at("train_loss"));
  compare_output("grad_input", input.grad(), expected.at("grad_input"), compare);
  compare_gradients(module, expected.at("param_grads"), compare);
  compare_tensors(module, expected.at("buffers_after_train"), compare);
}

}  // namespace scant
