// The shared training loop.
#include "harness/learn/gradient_method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"

namespace scant {
namespace {

void add_state(torch::nn::Module& module, const std::string& prefix, State& state) {
  for (const auto& entry : module.named_parameters(false)) state.emplace_back(prefix + entry.key(), entry.value());
  for (const auto& entry : module.named_buffers(false)) state.emplace_back(prefix + entry.key(), entry.value());
  for (const auto& child : module.named_children()) add_state(*child.value(), prefix + child.key() + ".", state);
}

/// Images and kernels lie channels-last: what tensor cores want, and on CPUs as fast as channels-first or faster.
torch::Tensor channels_last(const torch::Tensor& x) {
  return x.contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace

/// Sums over an epoch's images, on the device until the epoch ends: a read inside a step would wait for the GPU.
struct GradientMethod::EpochSums {
  torch::Tensor loss, correct;  // scalars
  std::int64_t images = 0;
};

State module_state(torch::nn::Module& module) {
  State state;
  add_state(module, "", state);
  return state;
}

BackboneSpec GradientMethod::backbone_spec() const {
  return {.name = task_->trial.backbone, .channels = task_->channels, .classes = task_->classes};
}

std::shared_ptr<torch::nn::Module> GradientMethod::build_network(Random& random) {
  backbone_ = make_backbone(backbone_spec(), random);
  return backbone_;
}

void GradientMethod::build(const Task& task) {
  task_ = std::make_unique<Task>(task);
  const std::string& precision = task.trial.precision;
  if (precision != "fp32" && precision != "tf32" && precision != "bf16") {
    throw InputError(fmt::format("precision cannot be \"{}\"; it must be fp32, tf32 or bf16", precision));
  }
  const bool cuda = task.device.is_cuda();
  bfloat16_ = precision == "bf16";
  if (cuda) allow_tf32(precision != "fp32");

  Random random(task.trial.seed("init"));
  network_ = build_network(random);
  network_->to(task.device);
  std::vector<torch::Tensor> trainable;
  for (torch::Tensor& p : network_->parameters()) {
    if (p.dim() == 4) p.set_data(channels_last(p));
    if (p.requires_grad()) trainable.push_back(p);
  }
  optimiser_ = std::make_unique<Sgd>(trainable, SgdOptions{.weight_decay = weight_decay, .momentum = momentum});
}

std::vector<torch::Tensor> GradientMethod::outputs(const torch::Tensor& images) {
  return {backbone_->forward(images)};
}

torch::Tensor GradientMethod::loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) {
  return torch::nn::functional::cross_entropy(outputs.front(), labels);
}

bool GradientMethod::train_epoch(FitContext& context, int epoch, EpochSums& sums) {
  const std::int64_t n = context.train.size(), batches = (n + batch_size - 1) / batch_size;
  const std::int64_t total = batches * task_->trial.epochs;
  const std::vector<std::int64_t> order = context.train.order(task_->trial.seed("order"), epoch);
  const std::uint64_t augment_seed = task_->trial.seed("augment");
  const auto scalar = torch::TensorOptions().dtype(torch::kFloat32).device(task_->device);
  sums = {torch::zeros({}, scalar), torch::zeros({}, scalar), 0};
  network_->train();
  for (std::int64_t b = 0; b < batches; ++b) {
    if (context.interrupted()) return false;
    const auto begin = order.begin() + b * batch_size;
    const auto size = std::min<std::int64_t>(batch_size, n - b * batch_size);
    const Batch batch = context.train.augmented({begin, begin + size}, augment_seed, epoch);
    std::vector<torch::Tensor> out;
    {
      const Autocast autocast(task_->device.type(), bfloat16_);
      out = outputs(channels_last(batch.images));
    }
    for (torch::Tensor& tensor : out) tensor = full_precision(tensor);
    const torch::Tensor value = loss(out, batch.labels);
    optimiser_->zero_grad();
    value.backward();
    optimiser_->step(cosine_rate(lr, epoch * batches + b, total));
    after_step();

    const torch::NoGradGuard no_grad;
    sums.loss.add_(value.detach(), static_cast<double>(size));
    sums.correct.add_(out.front().detach().argmax(1).eq(batch.labels).sum());
    sums.images += size;
  }
  return true;
}

void GradientMethod::fit(FitContext& context) {
  const std::int64_t n = context.train.size();
  const auto last = n % batch_size == 0 ? std::min<std::int64_t>(n, batch_size) : n % batch_size;
  if (last < smallest_batch()) {
    throw TrialFailure(
        fmt::format("{} images in batches of {} leave a last batch of {}, and the method needs {} images in every "
                    "batch; choose another batch_size",
                    n, batch_size, last, smallest_batch()));
  }
  for (int epoch = context.progress.epochs_done; epoch < context.until; ++epoch) {
    EpochSums sums;
    if (!train_epoch(context, epoch, sums)) return;
    const auto images = static_cast<double>(sums.images);
    const torch::Tensor read = torch::stack({sums.loss, sums.correct}).to(torch::kCPU, torch::kFloat64) / images;
    const double mean_loss = read[0].item<double>();
    if (!std::isfinite(mean_loss)) throw TrialFailure(fmt::format("loss is not finite after epoch {}", epoch + 1));
    context.progress.loss.push_back(mean_loss);
    context.progress.accuracy.push_back(read[1].item<double>());
    context.progress.images += sums.images;
    context.progress.epochs_done = epoch + 1;
    if (context.interrupted()) return;
  }
}

torch::Tensor GradientMethod::predict(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const Autocast autocast(task_->device.type(), bfloat16_);
  network_->eval();
  return full_precision(outputs(channels_last(images)).front());
}

torch::Tensor GradientMethod::embed(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const Autocast autocast(task_->device.type(), bfloat16_);
  network_->eval();
  return full_precision(backbone_->features(channels_last(images)));
}

State GradientMethod::state() {
  State state = module_state(*network_);
  for (std::size_t i = 0; i < optimiser_->buffers().size(); ++i) {
    state.emplace_back(fmt::format("momentum.{}", i), optimiser_->buffers()[i]);
  }
  return state;
}

}  // namespace scant
