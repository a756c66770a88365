// Checks of auxiliary learning: losses, soft labels, combiners, hyper-step, whole network.
#include <cmath>

#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/backbone.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/focal_loss.hpp"

namespace scant {
namespace {

void check_focal(const Json& inputs, const Json& expected, Comparison& compare) {
  const bool main = inputs.contains("logits");
  const torch::Tensor x = leaf(inputs.at(main ? "logits" : "probs"));
  const torch::Tensor soft = main ? torch::Tensor() : leaf(inputs.at("soft_targets"));
  const torch::Tensor each = main ? focal_loss_of_logits(x, labels_in(inputs)) : focal_loss(x, soft);
  each.mean().backward();
  compare.tensor("per_sample", each, expected.at("per_sample"));
  compare.tensor("gradient", x.grad(), expected.at(main ? "grad_of_mean" : "grad_probs"));
  if (!main) compare.tensor("grad_soft_targets", soft.grad(), expected.at("grad_soft_targets"));
}

void check_soft_labels(const Json& inputs, const Json& expected, Comparison& compare) {
  const torch::Tensor raw = leaf(inputs.at("raw"));
  const torch::Tensor soft = masked_softmax(raw, labels_in(inputs), inputs.at("aux_classes_per_class"));
  (soft * tensor_of(inputs.at("loss_weights"))).sum().backward();
  compare.tensor("soft_labels", soft, expected.at("soft_labels"));
  compare.tensor("grad_raw", raw.grad(), expected.at("grad_raw"));
}

void check_combiner(const Json& inputs, const Json& expected, Comparison& compare) {
  const torch::Tensor losses = leaf(inputs.at("losses"));
  std::shared_ptr<LossCombiner> combiner;
  if (inputs.contains("weight")) {
    combiner = std::make_shared<LinearCombiner>();
    to_double(*combiner);
    compare.tensor("initial_weight", combiner->parameters().front(), expected.at("initial_weight"));
    const torch::NoGradGuard no_grad;
    combiner->parameters().front().copy_(tensor_of(inputs.at("weight")).view({1, -1}));
  } else {
    const Json& tensors = inputs.at("tensors");
    std::vector<int> hidden;
    for (const Json& tensor : tensors) {
      if (std::string(tensor.at("name")).ends_with("bias")) hidden.push_back(tensor.at("shape").at(0));
    }
    Random random(0);
    combiner = std::make_shared<NonlinearCombiner>(hidden, random);
    to_double(*combiner);
    fill_module(*combiner, tensors, inputs.at("fill_seed"), compare);
  }
  const torch::Tensor loss = combiner->forward(losses);
  loss.backward();
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  compare.tensor("grad_losses", losses.grad(), expected.at("grad_losses"));
  if (expected.contains("grad_weight")) {
    compare.tensor("grad_weight", combiner->parameters().front().grad(), expected.at("grad_weight"));
  }
  if (expected.contains("param_grads")) compare_gradients(*combiner, expected.at("param_grads"), compare);
}

/// The golden hyper-step's trunk: one linear layer and softplus.
class TrunkImpl : public torch::nn::Module {
 public:
  TrunkImpl(int in, int out, Random& random) : layer_(register_module("0", make_linear(in, out, random))) {}
  torch::Tensor forward(const torch::Tensor& x) { return at::softplus(layer_->forward(x)); }

 private:
  torch::nn::Linear layer_;
};
TORCH_MODULE(Trunk);

AuxiliaryLearner small_learner(const Json& inputs) {
  const Json& tensors = inputs.at("tensors");
  const auto trunk = shape_in(tensors, "main_net.main_net.0.weight"),
             main = shape_in(tensors, "main_net.classifier1.weight"),
             generator = shape_in(tensors, "gen_net.aux_net.0.weight");
  const auto classes = static_cast<int>(main.at(0)), width = static_cast<int>(trunk.at(0)),
             slots = static_cast<int>(shape_in(tensors, "gen_net.classifier1.weight").at(0)),
             generator_width = static_cast<int>(generator.at(0)), in = static_cast<int>(trunk.at(1));
  Random random(0);
  using torch::nn::AnyModule;
  return AuxiliaryLearner({.trunk = Layer(AnyModule(Trunk(in, width, random))),
                           .main_head = Layer(AnyModule(make_linear(width, classes, random))),
                           .auxiliary_head = Layer(AnyModule(Head(std::vector{width, slots}, random))),
                           .generator_trunk = Layer(AnyModule(Trunk(in, generator_width, random))),
                           .generator_head = Layer(AnyModule(make_linear(generator_width, slots, random))),
                           .combiner = std::make_shared<LinearCombiner>(),
                           .per_class = slots / classes,
                           .auxiliary_scale = inputs.at("aux_scale")});
}

void check_hyper_step(const Json& inputs, const Json& expected, Comparison& compare) {
  AuxiliaryLearner learner = small_learner(inputs);
  to_double(learner);
  fill_module(learner, inputs.at("tensors"), inputs.at("fill_seed"), compare);
  const auto result = learner.hyper_gradient({tensor_of(inputs.at("x_aux")), labels_in(inputs, "y_aux")},
                                             {tensor_of(inputs.at("x_train")), labels_in(inputs, "y_train")},
                                             {.lr = inputs.at("neumann_lr"), .terms = inputs.at("neumann_terms")});
  compare.number("aux_set_loss", result.held_out_loss.item<double>(), expected.at("aux_set_loss"));
  compare.number("train_loss", result.training_loss.item<double>(), expected.at("train_loss"));
  const std::vector<torch::Tensor> outer = learner.outer();
  double squares = 0;
  for (std::size_t i = 0; i < outer.size(); ++i) {
    outer[i].mutable_grad() = result.gradients[i].clone();  // the update uses the gradients up
    squares += result.gradients[i].square().sum().item<double>();
  }
  compare.number("total norm", std::sqrt(squares), expected.at("total_norm_(of stored grads after clipping)"));
  compare_gradients(learner, expected.at("clipped_hypergrads"), compare);
  const Json& sgd = inputs.at("meta_sgd");
  Sgd optimiser(outer, {.weight_decay = sgd.at("weight_decay"), .momentum = sgd.at("momentum")});
  learner.update(result, optimiser, sgd.at("lr"));
  compare_tensors(learner, expected.at("params_after_meta_step"), compare);
}

void check_auxiliary(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  if (inputs.contains("x_aux")) {
    check_hyper_step(inputs, expected, compare);
  } else if (inputs.contains("losses")) {
    check_combiner(inputs, expected, compare);
  } else if (inputs.contains("raw")) {
    check_soft_labels(inputs, expected, compare);
  } else if (inputs.contains("logits") || inputs.contains("probs")) {
    check_focal(inputs, expected, compare);
  } else {
    throw InputError("a case of none of the known structures");
  }
}

void check_network(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected"), &tensors = inputs.at("tensors");
  const torch::Tensor x = tensor_of(inputs.at("x")), labels = labels_in(inputs);
  const std::int64_t classes = shape_in(tensors, "main_net.classifier1.2.weight").at(0),
                     slots = shape_in(tensors, "main_net.classifier2.2.weight").at(0);
  const Json params{{"auxiliary_classes", slots / classes},
                    {"auxiliary_scale", inputs.at("aux_scale")},
                    {"combiner", shape_in(tensors, "comb_net.linear.weight").empty() ? "nonlinear" : "linear"}};
  const auto method = build_for_conformance("auxilearn", params, backbone_in(file.stem), static_cast<int>(x.size(1)),
                                            static_cast<int>(classes), static_cast<int>(x.size(2)));
  auto& learner = dynamic_cast<AuxiliaryLearner&>(method->network());
  to_double(learner);
  fill_module(learner, tensors, inputs.at("fill_seed"), compare);
  std::int64_t total = 0;
  for (const torch::Tensor& p : learner.parameters()) total += p.numel();
  compare.exact("n_params_total", total, golden.at("n_params_total"));
  {
    const torch::NoGradGuard no_grad;
    learner.eval();
    const auto outputs = method->outputs(x);
    compare.tensor("eval_main_logits", outputs[0], expected.at("eval_main_logits"));
    compare.tensor("eval_aux_probs", outputs[1], expected.at("eval_aux_probs"));
    compare.tensor("eval_soft_labels", learner.soft_labels(x, labels), expected.at("eval_soft_labels"));
  }
  learner.train();
  // As in a hyper-step, with generator and combiner in the graph.
  const auto outputs = method->outputs(x);
  const torch::Tensor losses = learner.losses(outputs, learner.soft_labels(x, labels), labels);
  const torch::Tensor loss = learner.combined(losses);
  loss.backward();
  compare.tensor("train_main_logits", outputs[0], expected.at("train_main_logits"));
  compare.tensor("train_main_focal", losses.select(1, 0), expected.at("train_main_focal_per_sample"));
  compare.tensor("train_aux_focal", losses.select(1, 1), expected.at("train_aux_focal_scaled_per_sample"));
  compare.number("train_combined_loss", loss.item<double>(), expected.at("train_combined_loss"));
  compare_gradients(learner, expected.at("param_grads"), compare);
}

}  // namespace

const RegisterKind auxilearn_kind{{"auxiliary learning",
                                   [](const GoldenFile& file, const Json&) { return file.stem == "auxilearn"; },
                                   check_auxiliary}};
const RegisterKind auxilearn_network_kind{
    {"auxiliary learning network",
     [](const GoldenFile& file, const Json&) { return file.stem.starts_with("model_auxilearn_"); }, check_network}};

}  // namespace scant
