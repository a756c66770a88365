// Checks of t-ReX: the memory of class means, its training step, the cosine classifier, the projector.
#include <map>
#include <memory>
#include <string>

#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "methods/parts/class_memory.hpp"
#include "methods/parts/cosine_classifier.hpp"
#include "methods/parts/expendable_projector.hpp"
#include "methods/parts/momentum_network.hpp"

namespace scant {
namespace {

ClassMemory memory_of(const Json& features, const Json& labels, int classes, std::int64_t position) {
  ClassMemory memory(static_cast<int>(features.size()), static_cast<int>(features.at(0).size()), classes);
  to_double(*memory);
  memory->features.copy_(tensor_of(features));
  memory->labels.copy_(integers(labels));
  memory->ring.resume(position);
  return memory;
}

void check_memory(const Json& params, const Json& in, const Json& out, Comparison& compare) {
  compare.known("parameter", params, {"n_classes", "memory_size", "ptr_before"});
  compare.known("output", out,
                {"class_weights_before", "features_after", "labels_after", "ptr_after", "class_weights_after"});
  compare.exact("memory_size", in.at("features").size(), params.at("memory_size"));
  ClassMemory memory = memory_of(in.at("features"), in.at("labels"), params.at("n_classes"), params.at("ptr_before"));
  compare.tensor("class_weights_before", memory->prototypes(), out.at("class_weights_before"));
  memory->update(tensor_of(in.at("new_features")), integers(in.at("new_labels")));
  compare.tensor("features_after", memory->features, out.at("features_after"));
  compare.tensor("labels_after", memory->labels, out.at("labels_after"));
  compare.exact("ptr_after", memory->ring.position(), out.at("ptr_after"));
  compare.tensor("class_weights_after", memory->prototypes(), out.at("class_weights_after"));
}

torch::nn::Linear linear_of(const Json& weight) {
  const torch::Tensor values = tensor_of(weight);
  torch::nn::Linear linear(torch::nn::LinearOptions(values.size(1), values.size(0)).bias(false));
  linear->weight.set_data(values);
  return linear;
}

/// A step with a bias-free linear map for encoder and projector.
void check_online_means(const Json& params, const Json& in, const Json& out, Comparison& compare) {
  compare.known("parameter", params, {"tau", "ema_momentum", "n_crops", "n_classes", "memory_size"});
  compare.known("output", out,
                {"logits", "loss", "grad_crops", "grad_W", "W_ema_after", "memory_features_after",
                 "memory_labels_after", "ptr_after"});
  ClassMemory memory =
      memory_of(in.at("memory_features_before"), in.at("memory_labels_before"), params.at("n_classes"), 0);
  torch::nn::Linear online = linear_of(in.at("W")), target = linear_of(in.at("W"));
  Follower follower;
  follower.add(*online, *target);
  target->weight.set_data(tensor_of(in.at("W_ema_before")));
  const torch::Tensor crops = tensor_of(in.at("crops")).requires_grad_(true), labels = integers(in.at("labels"));
  compare.exact("n_crops", crops.size(0) / labels.size(0), params.at("n_crops"));
  const torch::Tensor logits = cosine_logits(online->forward(crops), memory->prototypes(), params.at("tau"));
  const torch::Tensor loss = crop_cross_entropy(logits, labels);
  loss.backward();
  follower.move(params.at("ema_momentum"));
  {
    const torch::NoGradGuard no_grad;
    memory->update(target->forward(crops.narrow(0, 0, labels.size(0))), labels);
  }
  compare.tensor("logits", logits, out.at("logits"));
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_crops", crops.grad(), out.at("grad_crops"));
  compare.tensor("grad_W", online->weight.grad(), out.at("grad_W"));
  compare.tensor("W_ema_after", target->weight, out.at("W_ema_after"));
  compare.tensor("memory_features_after", memory->features, out.at("memory_features_after"));
  compare.tensor("memory_labels_after", memory->labels, out.at("memory_labels_after"));
  compare.exact("ptr_after", memory->ring.position(), out.at("ptr_after"));
}

void check_classifier(const Json& params, const Json& in, const Json& out, Comparison& compare) {
  compare.known("parameter", params, {"tau"});
  compare.known("output", out, {"logits", "loss", "grad_x", "grad_W"});
  const torch::Tensor weight = tensor_of(in.at("W")), x = tensor_of(in.at("x")).requires_grad_(true);
  Random random(0);
  CosineClassifier classifier(static_cast<int>(weight.size(1)), static_cast<int>(weight.size(0)), random);
  classifier->weight.set_data(weight);
  const torch::Tensor logits = classifier->logits(x, params.at("tau"));
  const torch::Tensor loss = crop_cross_entropy(logits, integers(in.at("labels")));
  loss.backward();
  compare.tensor("logits", logits, out.at("logits"));
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_x", x.grad(), out.at("grad_x"));
  compare.tensor("grad_W", classifier->weight.grad(), out.at("grad_W"));
}

void check_projector(const Json& params, const Json& in, const Json& out, Comparison& compare) {
  compare.known("parameter", params, {"hidden_layers", "bn_eps", "bn_momentum", "gelu"});
  compare.known("output", out, {"train_output", "grad_x", "running_stats_after", "eval_output_after"});
  compare.exact("gelu", params.at("gelu"), "erf");
  const int layers = params.at("hidden_layers");
  const torch::Tensor x = tensor_of(in.at("x")).requires_grad_(true), cotangent = tensor_of(in.at("cotangent"));
  const Json& given = in.at("params");
  const int hidden = layers > 0 ? static_cast<int>(given.at("layers.1.fc.weight").size()) : 0;
  Random random(0);
  ExpendableProjector projector(static_cast<int>(x.size(1)), hidden, layers, static_cast<int>(cotangent.size(1)),
                                random);
  to_double(*projector);
  for (const auto& module : projector->modules(/*include_self=*/false)) {
    if (const auto norm = std::dynamic_pointer_cast<torch::nn::BatchNorm1dImpl>(module)) {
      compare.exact("bn_eps", norm->options.eps(), params.at("bn_eps"));
      compare.exact("bn_momentum", norm->options.momentum().value(), params.at("bn_momentum"));
    }
  }
  std::map<std::string, torch::Tensor> state;
  for (const auto& [name, tensor] : module_state(*projector)) state.emplace(name, tensor);
  compare.exact("parameters", projector->parameters().size(), given.size());
  for (const auto& [name, value] : given.items()) state.at(name).set_data(tensor_of(value));
  projector->train();
  const torch::Tensor output = projector->forward(x);
  (output * cotangent).sum().backward();
  compare.tensor("train_output", output, out.at("train_output"));
  compare.tensor("grad_x", x.grad(), out.at("grad_x"));
  for (const auto& [name, value] : out.at("running_stats_after").items()) {
    compare.tensor(name, state.at(name), value);
  }
  projector->eval();
  compare.tensor("eval_output_after", projector->forward(x), out.at("eval_output_after"));
}

void check_trex(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &in = golden.at("inputs"), &out = golden.at("outputs");
  if (in.contains("new_features")) {
    check_memory(params, in, out, compare);
  } else if (in.contains("crops")) {
    check_online_means(params, in, out, compare);
  } else if (in.contains("cotangent")) {
    check_projector(params, in, out, compare);
  } else {
    check_classifier(params, in, out, compare);
  }
}

}  // namespace

const RegisterKind trex_kind{
    {"t-ReX", [](const GoldenFile& file, const Json&) { return file.stem == "trex_ocm"; }, check_trex}};

}  // namespace scant
