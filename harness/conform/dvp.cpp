// Checks of the parts of distilling visual priors: distance, margins, split normalisation, momentum contrast, and the
// pair of networks.
#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "harness/learn/sgd.hpp"
#include "methods/parts/feature_distillation.hpp"
#include "methods/parts/moco.hpp"
#include "methods/parts/split_norm.hpp"

namespace scant {
namespace {

void check_distance(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor student = tensor_of(in.at("student")).requires_grad_(true);
  const torch::Tensor margin = tensor_of(in.at("margin_per_channel")).view({1, -1, 1, 1});
  const torch::Tensor loss = distillation_distance(student, tensor_of(in.at("teacher")), margin);
  loss.backward();
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_student", student.grad(), out.at("grad_student"));
}

void check_margins(const Json& in, const Json& out, Comparison& compare) {
  compare.tensor("margin", margins_of(tensor_of(in.at("bn_weight")), tensor_of(in.at("bn_bias"))), out.at("margin"));
}

void check_split_norm(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor x = tensor_of(in.at("x")).requires_grad_(true);
  SplitNorm norm(static_cast<int>(x.size(1)), in.at("num_splits").get<int>());
  to_double(*norm);
  {
    const torch::NoGradGuard no_grad;
    norm->weight.copy_(tensor_of(in.at("weight")));
    norm->bias.copy_(tensor_of(in.at("bias")));
    norm->running_mean.copy_(tensor_of(in.at("running_mean")));
    norm->running_var.copy_(tensor_of(in.at("running_var")));
  }
  norm->eval();
  compare.tensor("eval_out", norm->forward(x), out.at("eval_out"));
  norm->train();
  const torch::Tensor trained = norm->forward(x);
  (trained * tensor_of(in.at("loss_weights"))).sum().backward();
  compare.tensor("train_out", trained, out.at("train_out"));
  compare.tensor("grad_x", x.grad(), out.at("grad_x"));
  compare.tensor("grad_weight", norm->weight.grad(), out.at("grad_weight"));
  compare.tensor("grad_bias", norm->bias.grad(), out.at("grad_bias"));
  compare.tensor("running_mean_after", norm->running_mean, out.at("running_mean_after"));
  compare.tensor("running_var_after", norm->running_var, out.at("running_var_after"));
}

void check_distillation(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("expected");
  if (in.contains("student")) {
    check_distance(in, out, compare);
  } else if (in.contains("bn_weight")) {
    check_margins(in, out, compare);
  } else {
    check_split_norm(in, out, compare);
  }
}

/// The golden file's encoder: convolution, normalisation, ReLU, mean over positions.
class TinyEncoder : public Backbone {
 public:
  TinyEncoder(int in, int out, LayerMaker& maker, Random& random) {
    dim_ = out;
    conv_ = Layer(maker.conv({.in = in, .out = out}, random));
    norm_ = Layer(maker.norm(out));
    register_module("conv", conv_.ptr());
    register_module("bn", norm_.ptr());
  }
  torch::Tensor features(const torch::Tensor& images) override {
    return norm_(conv_(images)).relu_().mean(at::IntArrayRef{2, 3});
  }

 private:
  Layer conv_, norm_;
};

Moco tiny_moco(const Json& in) {
  Random random(0);
  SplitNormMaker maker(in.at("num_splits").get<int>());
  const auto stem = shape_in(in.at("tensors"), "encoder_q.conv.weight");
  const auto head = shape_in(in.at("tensors"), "lh.fc.weight");
  const auto encoder = [&] {
    return std::make_shared<TinyEncoder>(static_cast<int>(stem.at(1)), static_cast<int>(stem.at(0)), maker, random);
  };
  return Moco(encoder(), encoder(), static_cast<int>(head.at(0)),
              MocoOptions{in.at("dim"), in.at("K"), in.at("m"), in.at("T"), in.at("margin")}, random);
}

void check_moco(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("expected");
  Moco moco = tiny_moco(in);
  to_double(*moco);
  fill_module(*moco, in.at("tensors"), in.at("fill_seed"), compare);
  const Json& queue = in.at("queue");
  {
    const torch::NoGradGuard no_grad;
    moco->queue.copy_(hash_fill(queue.at("hash").at(0), queue.at("hash").at(1), queue.at("shape"), 0, 1));
    moco->queue.div_(at::linalg_vector_norm(moco->queue, 2, at::IntArrayRef{0}, true));
  }
  const torch::Tensor query_images = tensor_of(in.at("im_q")), key_images = tensor_of(in.at("im_k"));
  const torch::Tensor labels = tensor_of(in.at("labels")).to(torch::kInt64);
  const std::vector<std::int64_t> permutation = in.at("batch_shuffle_permutation(each step)");
  const Json& sgd = in.at("sgd");
  std::vector<torch::Tensor> trainable;
  for (const torch::Tensor& p : moco->parameters()) {
    if (p.requires_grad()) trainable.push_back(p);
  }
  Sgd optimiser(trainable, {.weight_decay = sgd.at("weight_decay"), .momentum = sgd.at("momentum")});
  moco->train();
  namespace F = torch::nn::functional;
  std::int64_t position = 0;
  for (const Json& step : out.at("steps")) {
    const torch::Tensor features = moco->encoder_q->features(query_images), scores = moco->scores(features);
    const torch::Tensor keys = moco->keys(key_images, permutation);
    const torch::Tensor logits = moco->logits(moco->query(features), keys);
    const torch::Tensor contrast = F::cross_entropy(logits, torch::zeros_like(labels));
    const torch::Tensor supervised = F::cross_entropy(scores, labels);
    compare.tensor("logits", logits, step.at("logits"));
    compare.tensor("linear_head_out", scores, step.at("linear_head_out"));
    compare.number("loss_selfsup", contrast.item<double>(), step.at("loss_selfsup"));
    compare.number("loss_sup", supervised.item<double>(), step.at("loss_sup"));
    optimiser.zero_grad();
    (contrast + supervised).backward();
    compare_gradients(*moco, step.at("grads"), compare);
    compare_tensors(*moco, step.at("key_params_after_forward"), compare);
    optimiser.step(sgd.at("lr"));
    moco->enqueue(keys, position);
    position = (position + keys.size(0)) % moco->queue.size(1);
    compare.number("queue_ptr_after", static_cast<double>(moco->queue_ptr.item<std::int64_t>()),
                   step.at("queue_ptr_after"));
    compare.tensor("queue_after", moco->queue, step.at("queue_after"));
    compare_tensors(*moco, step.at("query_params_after_step"), compare);
    compare_tensors(*moco, step.at("running_stats_after"), compare);
  }
  moco->eval();
  compare.tensor("eval_linear_head_on_im_q", moco->scores(moco->encoder_q->features(query_images)),
                 out.at("eval_linear_head_on_im_q"));
}

/// Margins as listed: one number for all channels, or one for each.
void compare_margins(DistillerImpl& distiller, const Json& golden, Comparison& compare) {
  const auto buffers = distiller.named_buffers(false);
  for (const auto& [name, values] : golden.items()) {
    const torch::Tensor* margin = buffers.find(name);
    compare.check(name, margin != nullptr, "missing");
    if (margin == nullptr) continue;
    const torch::Tensor flat = margin->flatten();
    const bool one = values.size() == 1;
    if (one) compare.check(name + " is one value", (flat == flat[0]).all().item<bool>());
    compare.tensor(name, one ? flat.narrow(0, 0, 1) : flat, values);
  }
}

void check_distiller(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("expected");
  const torch::Tensor x = tensor_of(in.at("x")), labels = tensor_of(in.at("labels")).to(torch::kInt64);
  const Json params{{"distill_weight", in.at("lambda")}, {"warm_up", 0}, {"pretrain_share", 0}};
  const auto method = build_for_conformance("dvp", params, backbone_in(file.stem), static_cast<int>(x.size(1)),
                                            static_cast<int>(shape_in(in.at("tensors"), "s_net.fc.bias").at(0)),
                                            static_cast<int>(x.size(2)));
  auto& distiller = dynamic_cast<DistillerImpl&>(enter_stage(*method, "distill"));
  to_double(method->network());
  fill_module(distiller, in.at("tensors"), in.at("fill_seed"), compare);
  // Listed margins of their own for every channel are those that the filled teacher has.
  if (golden.at("margins").front().size() > 1) distiller.set_margins();
  compare_margins(distiller, golden.at("margins"), compare);
  if (golden.contains("n_params_total")) {
    std::int64_t total = 0;
    for (const torch::Tensor& p : distiller.parameters()) total += p.numel();
    compare.exact("n_params_total", total, golden.at("n_params_total"));
  }
  {
    const torch::NoGradGuard no_grad;
    method->network().eval();
    const auto teacher = distiller.teacher_maps(x);
    for (std::size_t i = 0; i < teacher.size(); ++i) {
      compare.exact("feature_shapes", Json(teacher[i].sizes().vec()), out.at("feature_shapes").at(i));
      compare_statistics("teacher map", teacher[i], out.at("teacher_feature_stats_eval").at(i), compare);
    }
    const auto student = distiller.student(x);
    compare.tensor("eval_student_logits", student.logits, out.at("eval_student_logits"));
    compare.tensor("eval_student_logits, ranked by", method->outputs(x).front(), out.at("eval_student_logits"));
    compare.number("eval_distill_loss_sum", distiller.distance(student.maps, teacher).item<double>(),
                   out.at("eval_distill_loss_sum"));
  }
  method->network().train();
  const auto outputs = method->outputs(x);
  compare.tensor("train_student_logits", outputs.front(), out.at("train_student_logits"));
  const torch::Tensor loss =
      method->training_loss({.images = x, .labels = labels, .local = {}, .indices = {}}, outputs);
  compare.number("train_total_loss", loss.item<double>(), out.at("train_total_loss"));
  const double supervised = method->loss(outputs, labels).item<double>();
  // The sum itself enters the loss divided by the images.
  const double weight = in.at("lambda").get<double>() / static_cast<double>(labels.size(0));
  const Tolerance tolerance = compare.tolerance();
  compare.set_tolerance({tolerance.abs / weight, tolerance.rel});
  compare.number("train_distill_loss_sum", (loss.item<double>() - supervised) / weight,
                 out.at("train_distill_loss_sum"));
  compare.set_tolerance(tolerance);
  loss.backward();
  compare_gradients(distiller, out.at("param_grads"), compare);
  compare_tensors(distiller, out.at("running_stats_after_train_forward"), compare);
}

}  // namespace

const RegisterKind dvp_losses_kind{{"distillation losses and split normalisation",
                                    [](const GoldenFile& file, const Json&) { return file.stem == "dvp_losses"; },
                                    check_distillation}};
const RegisterKind dvp_moco_kind{
    {"momentum contrast", [](const GoldenFile& file, const Json&) { return file.stem == "dvp_moco"; }, check_moco}};
const RegisterKind dvp_distiller_kind{
    {"feature distillation",
     [](const GoldenFile& file, const Json&) { return file.stem.starts_with("model_dvp_distill_"); }, check_distiller}};

}  // namespace scant
