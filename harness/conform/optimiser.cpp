// Checks of the optimiser with its schedule, alone and through six training steps of a network.
#include <regex>

#include "harness/conform/module_case.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/schedule.hpp"
#include "harness/learn/sgd.hpp"

namespace scant {
namespace {

void check_cosine_schedule(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const torch::Tensor x = tensor_of(inputs.at("x")), labels = tensor_of(inputs.at("labels")).to(torch::kInt64);
  const torch::Tensor weight = tensor_of(inputs.at("weight0")).requires_grad_(true);
  const torch::Tensor bias = tensor_of(inputs.at("bias0")).requires_grad_(true);
  Sgd sgd({weight, bias}, {.weight_decay = inputs.at("weight_decay"), .momentum = inputs.at("momentum")});
  const double lr0 = inputs.at("lr");
  const std::int64_t total = inputs.at("T_max");
  std::int64_t step = 0;
  for (const Json& wanted : expected.at("steps")) {
    const double lr = cosine_rate(lr0, step, total);
    compare.number("lr_used", lr, wanted.at("lr_used"));
    sgd.zero_grad();
    const torch::Tensor loss = torch::nn::functional::cross_entropy(at::linear(x, weight, bias), labels);
    loss.backward();
    sgd.step(lr);
    compare.number("loss", loss.item<double>(), wanted.at("loss"));
    compare.tensor("weight_after", weight, wanted.at("weight_after"));
    compare.tensor("bias_after", bias, wanted.at("bias_after"));
    ++step;
  }
  compare.number("lr_after_last_step", cosine_rate(lr0, step, total), expected.at("lr_after_last_step"));
}

/// What the prose of a trace says about its hashed tensors: number of the first, shape, center, scale.
struct HashRule {
  std::uint64_t tensor = 0;
  std::vector<std::int64_t> shape;
  double center = 0, scale = 0;
};

HashRule parse_rule(const std::string& text, const std::string& start) {
  const std::regex pattern(start + R"(([0-9]+)[^\[]*\[([0-9, ]+)\], *([-0-9.e]+), *([-0-9.e]+))");
  std::smatch match;
  if (!std::regex_search(text, match, pattern)) throw InputError("the trace's rule cannot be read: " + text);
  const std::string dims = match[2];
  HashRule rule{std::stoull(match[1]), {}, std::stod(match[3]), std::stod(match[4])};
  const std::regex digits("[0-9]+");
  for (std::sregex_iterator number(dims.begin(), dims.end(), digits), end; number != end; ++number) {
    rule.shape.push_back(std::stoll(number->str()));
  }
  return rule;
}

void check_trace(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const std::uint64_t seed = inputs.at("fill_seed");
  const int classes = inputs.at("num_classes");
  const std::string text = inputs.at("batches");
  const HashRule images = parse_rule(text, R"(hash_fill\(seed, *)");
  const HashRule evaluation = parse_rule(inputs.at("eval_x"), "hash tensor *");
  std::smatch match;
  if (!std::regex_search(text, match, std::regex("hash tensor *([0-9]+)\\+t"))) {
    throw InputError("the trace's labels cannot be read: " + text);
  }
  const std::uint64_t label_tensor = std::stoull(match[1]);

  const Json params{
      {"lr", inputs.at("lr")}, {"weight_decay", inputs.at("weight_decay")}, {"momentum", inputs.at("momentum")}};
  const auto method =
      build_for_conformance("xent", params, backbone_in(file.stem), static_cast<int>(images.shape.at(1)), classes,
                            static_cast<int>(images.shape.at(2)));
  to_double(method->network());
  for (auto& [name, tensor] : method->optimiser().state()) tensor.set_data(tensor.to(torch::kFloat64));
  fill_module(method->network(), inputs.at("tensors"), seed, compare);

  const std::int64_t total = inputs.at("T_max");
  std::uint64_t t = 0;
  method->network().train();
  for (const Json& wanted : expected.at("steps")) {
    const torch::Tensor x = hash_fill(seed, images.tensor + t, images.shape, images.center, images.scale);
    const torch::Tensor uniform = hash_fill(seed, label_tensor + t, {images.shape.at(0)}, 0.5, 0.5);
    const torch::Tensor labels = (uniform * classes).floor().to(torch::kInt64);
    const auto outputs = method->outputs(x);
    const torch::Tensor loss = method->loss(outputs, labels);
    method->optimiser().zero_grad();
    loss.backward();
    method->optimiser().step(cosine_rate(method->lr, static_cast<std::int64_t>(t), total));
    compare.number("loss", loss.item<double>(), wanted.at("loss"));
    compare.tensor("logits_row0", outputs.front()[0], wanted.at("logits_row0"));
    compare.number("lr_next", cosine_rate(method->lr, static_cast<std::int64_t>(t + 1), total), wanted.at("lr_next"));
    ++t;
  }
  compare_tensors(method->network(), expected.at("params_after"), compare);
  const torch::NoGradGuard no_grad;
  method->network().eval();
  const torch::Tensor x = hash_fill(seed, evaluation.tensor, evaluation.shape, evaluation.center, evaluation.scale);
  compare.tensor("eval_logits_after", method->outputs(x).front(), expected.at("eval_logits_after"));
}

}  // namespace

const RegisterKind schedule_kind{{"optimiser and schedule",
                                  [](const GoldenFile& file, const Json&) { return file.stem == "optimizer_schedule"; },
                                  check_cosine_schedule}};
const RegisterKind trace_kind{
    {"training steps", [](const GoldenFile& file, const Json&) { return file.stem.starts_with("train_trace_"); },
     check_trace}};

}  // namespace scant
