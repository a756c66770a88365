// Checks of the OLE term: value and gradient, also where the total loss is scaled.
#include "harness/conform/module_case.hpp"
#include "methods/parts/ole_term.hpp"

namespace scant {
namespace {

/// The keys of one answer: the reference's own in single precision, or an independent one.
void check_answer(const Json& inputs, const Json& expected, Comparison& compare) {
  const torch::Tensor labels = tensor_of(inputs.at("labels")).to(torch::kInt64);
  const OleOptions options{inputs.at("lambda"), inputs.at("delta"), true};
  const auto leaf = [&](const char* key) { return tensor_of(inputs.at(key)).requires_grad_(true); };
  const torch::Tensor features = leaf("features_f32"), term = ole_term(features, labels, options);
  compare.number("ole", term.item<double>(), expected.at("ole"));
  term.backward();
  compare.tensor("grad_features", features.grad(), expected.at("grad_features"));

  const torch::Tensor scaled = leaf("features_f32"), logits = leaf("logits_f32");
  const torch::Tensor total = ole_term(scaled, labels, options) + torch::nn::functional::cross_entropy(logits, labels);
  (3 * total).backward();
  for (const auto& [key, value] : expected.items()) {
    if (key.starts_with("total_loss")) compare.number(key, total.item<double>(), value);
    if (key == "grad_features_when_total_is_multiplied_by_3") compare.tensor(key, scaled.grad(), value);
    if (key == "grad_logits_when_total_is_multiplied_by_3") compare.tensor(key, logits.grad(), value);
  }
}

void check_ole(const GoldenFile&, const Json& golden, Comparison& compare) {
  for (const auto& [who, answer] : golden.at("expected").items()) check_answer(golden.at("inputs"), answer, compare);
}

}  // namespace

const RegisterKind ole_kind{
    {"OLE term", [](const GoldenFile& file, const Json&) { return file.stem == "ole"; }, check_ole}};

}  // namespace scant
