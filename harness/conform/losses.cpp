// Checks of the cosine and cross-entropy losses and of the head that combines them.
#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "methods/parts/cosine_loss.hpp"

namespace scant {
namespace {

/// The loss that training with this method uses; losses need no network.
torch::Tensor method_loss(const std::string& name, const Json& params, const std::vector<torch::Tensor>& outputs,
                          const torch::Tensor& labels) {
  const auto method = methods().at(name).make(params);
  return dynamic_cast<GradientMethod&>(*method).loss(outputs, labels);
}

void check_head(const Json& inputs, const Json& expected, Comparison& compare) {
  const torch::Tensor x = leaf(inputs.at("base_output")), labels = labels_in(inputs);
  Random random(0);
  CosineXentHead head(nullptr, static_cast<int>(x.size(1)), random);
  to_double(*head);
  {
    const torch::NoGradGuard no_grad;
    head->bn->weight.copy_(tensor_of(inputs.at("bn.weight")));
    head->bn->bias.copy_(tensor_of(inputs.at("bn.bias")));
    head->bn->running_mean.copy_(tensor_of(inputs.at("running_mean_before")));
    head->bn->running_var.copy_(tensor_of(inputs.at("running_var_before")));
    head->fc->weight.copy_(tensor_of(inputs.at("fc.weight")));
    head->fc->bias.copy_(tensor_of(inputs.at("fc.bias")));
    head->eval();
    const auto result = head->forward(x);
    compare.tensor("eval_logits", result.logits, expected.at("eval_logits"));
    compare.tensor("eval_normed", result.normalised, expected.at("eval_normed"));
  }
  head->train();
  const auto result = head->forward(x);
  compare.tensor("train_logits", result.logits, expected.at("train_logits"));
  const torch::Tensor loss = method_loss("cosine-xent", {{"xent_weight", inputs.at("xent_weight")}},
                                         {result.logits, result.normalised}, labels);
  loss.backward();
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  compare.tensor("grad_base_output", x.grad(), expected.at("grad_base_output"));
  compare.tensor("grad_bn.weight", head->bn->weight.grad(), expected.at("grad_bn.weight"));
  compare.tensor("grad_bn.bias", head->bn->bias.grad(), expected.at("grad_bn.bias"));
  compare.tensor("grad_fc.weight", head->fc->weight.grad(), expected.at("grad_fc.weight"));
  compare.tensor("grad_fc.bias", head->fc->bias.grad(), expected.at("grad_fc.bias"));
  compare.tensor("running_mean_after", head->bn->running_mean, expected.at("running_mean_after"));
  compare.tensor("running_var_after", head->bn->running_var, expected.at("running_var_after"));
}

void check_losses(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  if (inputs.contains("base_output")) {
    check_head(inputs, expected, compare);
    return;
  }
  const torch::Tensor labels = labels_in(inputs);
  torch::Tensor logits, embeddings, loss;
  if (inputs.contains("embeddings_raw")) {
    embeddings = leaf(inputs.at("embeddings_raw"));
    // The reduction is said by the case's label alone.
    const bool sum = std::string(golden.at("case")).ends_with("_sum");
    loss = sum ? cosine_loss(normalised_rows(embeddings), labels, Reduction::sum)
               : method_loss("cosine", {}, {embeddings}, labels);
  } else {
    logits = leaf(inputs.at("logits"));
    if (inputs.contains("embeddings_normed")) {
      embeddings = leaf(inputs.at("embeddings_normed"));
      loss = method_loss("cosine-xent", {{"xent_weight", inputs.at("xent_weight")}}, {logits, embeddings}, labels);
    } else {
      loss = method_loss("xent", {}, {logits}, labels);
    }
  }
  loss.backward();
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  for (const auto& [key, tensor] : {std::pair{"grad_logits", logits}, std::pair{"grad_embeddings_raw", embeddings},
                                    std::pair{"grad_embeddings_normed", embeddings}}) {
    if (expected.contains(key)) compare.tensor(key, tensor.grad(), expected.at(key));
  }
}

}  // namespace

const RegisterKind losses_kind{{"cosine and cross-entropy losses",
                                [](const GoldenFile& file, const Json&) { return file.stem == "losses_cosine_xent"; },
                                check_losses}};

}  // namespace scant
