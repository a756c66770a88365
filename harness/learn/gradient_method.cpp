// The shared training loop.
#include "harness/learn/gradient_method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

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
  return {.name = task_->trial.backbone,
          .channels = task_->channels,
          .classes = task_->classes,
          .own_kernels = task_->trial.precision == "fp32-fast"};
}

std::shared_ptr<torch::nn::Module> GradientMethod::build_network(Random& random) {
  backbone_ = make_backbone(backbone_spec(), random);
  return backbone_;
}

void GradientMethod::build(const Task& task) {
  task_ = std::make_unique<Task>(task);
  const std::string& precision = task.trial.precision;
  if (std::ranges::find(precisions(), precision) == precisions().end()) {
    throw InputError(
        fmt::format("precision cannot be \"{}\"; it must be one of {}", precision, fmt::join(precisions(), ", ")));
  }
  const bool cuda = task.device.is_cuda();
  bfloat16_ = precision == "bf16";
  if (cuda) allow_tf32(precision == "tf32" || precision == "bf16");
  if (accumulation > 1 && !takes_parts()) {
    throw InputError(fmt::format("{} cannot compute a batch in parts; accumulation must be 1", task.trial.method));
  }

  Random random(task.trial.seed("init"));
  network_ = build_network(random);
  network_->to(task.device);
  for (torch::Tensor& p : network_->parameters()) {
    if (p.dim() == 4) p.set_data(channels_last(p));
  }
  optimiser_ = make_optimiser(named_trainable(), optimiser_options());
  if (averaged_epochs > 0) average_ = std::make_unique<WeightAverage>(trainable());
}

std::vector<NamedParameter> GradientMethod::named_trainable() {
  const auto named = network_->named_parameters();
  std::vector<NamedParameter> parameters;
  for (const torch::Tensor& tensor : trainable()) {
    const auto entry =
        std::find_if(named.begin(), named.end(), [&](const auto& e) { return e.value().is_same(tensor); });
    if (entry == named.end()) throw std::logic_error("a trainable tensor is not the network's");
    parameters.push_back({entry->key(), tensor});
  }
  return parameters;
}

OptimiserOptions GradientMethod::optimiser_options() const {
  return {.kind = "sgd", .weight_decay = weight_decay, .momentum = momentum};
}

double GradientMethod::rate(const Phase& phase, const Step& step) const {
  return cosine_rate(phase.lr, step.number, step.total);
}

std::vector<torch::Tensor> GradientMethod::trainable() {
  std::vector<torch::Tensor> tensors;
  for (const torch::Tensor& p : network_->parameters()) {
    if (p.requires_grad()) tensors.push_back(p);
  }
  return tensors;
}

std::vector<Phase> GradientMethod::phases() const {
  return {{.begin = 0, .end = task_->trial.epochs, .lr = lr}};
}

std::vector<std::int64_t> GradientMethod::trained_on(const Samples& train) const {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(train.size()));
  std::iota(positions.begin(), positions.end(), 0);
  return positions;
}

Batch GradientMethod::draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const {
  return train.augmented(positions, task_->trial.seed("augment"), epoch);
}

std::vector<torch::Tensor> GradientMethod::outputs(const torch::Tensor& images) {
  return {backbone_->forward(images)};
}

torch::Tensor GradientMethod::loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) {
  return torch::nn::functional::cross_entropy(outputs.front(), labels);
}

torch::Tensor GradientMethod::training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) {
  return loss(outputs, batch.labels);
}

/// The epoch's order of the whole view, without what the method keeps apart.
std::vector<std::int64_t> GradientMethod::order_of(const Samples& train, int epoch) const {
  const std::vector<std::int64_t> kept = trained_on(train);
  std::vector<std::int64_t> order = train.order(task_->trial.seed("order"), epoch);
  std::erase_if(order, [&](std::int64_t at) { return !std::binary_search(kept.begin(), kept.end(), at); });
  return order;
}

void GradientMethod::add_gradients(FitContext& context, const std::vector<std::int64_t>& positions, int epoch,
                                   double share, EpochSums& sums) {
  const auto start = std::chrono::steady_clock::now();
  const Batch batch = draw(context.train, positions, epoch);
  context.data_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::vector<torch::Tensor> out;
  {
    const Autocast autocast(task_->device.type(), bfloat16_);
    out = outputs(channels_last(batch.images));
  }
  for (torch::Tensor& tensor : out) tensor = full_precision(tensor);
  const torch::Tensor value = training_loss(batch, out);
  (share == 1 ? value : value * share).backward();

  const torch::NoGradGuard no_grad;
  sums.loss.add_(value.detach(), static_cast<double>(positions.size()));
  sums.correct.add_(out.front().detach().argmax(1).eq(batch.labels).sum());
  sums.images += std::ssize(positions);
}

bool GradientMethod::train_epoch(FitContext& context, const Phase& phase, int epoch, EpochSums& sums) {
  const std::vector<std::int64_t> order = order_of(context.train, epoch);
  const std::int64_t n = std::ssize(order);
  const std::int64_t batches = phase.whole_batches ? n / batch_size : (n + batch_size - 1) / batch_size;
  Step step{.train = context.train, .epoch = epoch, .number = 0, .total = batches * (phase.end - phase.begin)};
  const auto scalar = torch::TensorOptions().dtype(torch::kFloat32).device(task_->device);
  sums = {torch::zeros({}, scalar), torch::zeros({}, scalar), 0};
  network_->train();
  for (std::int64_t b = 0; b < batches; ++b) {
    if (context.interrupted()) return false;
    const auto begin = order.begin() + b * batch_size;
    const auto size = std::min<std::int64_t>(batch_size, n - b * batch_size);
    optimiser_->zero_grad();
    // As equal as possible, and none too small for the method.
    const std::int64_t parts = std::clamp<std::int64_t>(size / smallest_batch(), 1, accumulation);
    for (std::int64_t part = 0; part < parts; ++part) {
      const std::int64_t from = size * part / parts, to = size * (part + 1) / parts;
      const double share = static_cast<double>(to - from) / static_cast<double>(size);
      add_gradients(context, {begin + from, begin + to}, epoch, share, sums);
    }
    step.number = (epoch - phase.begin) * batches + b;
    if (clip_norm > 0) optimiser_->clip_gradients(clip_norm);
    optimiser_->step(rate(phase, step));
    after_step(step);
  }
  return true;
}

/// The mean of the weights becomes the network, with the statistics that its normalisations have under them: those of
/// one more epoch's whole batches.
void GradientMethod::settle_on_average(const Samples& train) {
  const torch::NoGradGuard no_grad;
  const Autocast autocast(task_->device.type(), bfloat16_);
  average_->replace();
  network_->train();
  const int epoch = task_->trial.epochs;
  const std::vector<std::int64_t> order = order_of(train, epoch);
  const std::int64_t size = std::min<std::int64_t>(batch_size, std::ssize(order));
  reestimate_statistics(*network_, std::ssize(order) / size, [&](std::int64_t batch) {
    const auto begin = order.begin() + batch * size;
    outputs(channels_last(draw(train, {begin, begin + size}, epoch).images));
  });
}

void GradientMethod::check_batches(const Samples& train) const {
  const std::int64_t n = std::ssize(trained_on(train)), rest = n % batch_size;
  const std::int64_t last = rest == 0 || n < batch_size ? std::min<std::int64_t>(n, batch_size) : rest;
  for (const Phase& phase : phases()) {
    if (phase.whole_batches && n < batch_size) {
      throw TrialFailure(
          fmt::format("{} images do not fill a batch of {}; choose a smaller batch_size", n, batch_size));
    }
    if (!phase.whole_batches && last < smallest_batch()) {
      throw TrialFailure(
          fmt::format("{} images in batches of {} leave a last batch of {}, and the method needs {} images in every "
                      "batch; choose another batch_size",
                      n, batch_size, last, smallest_batch()));
    }
  }
}

void GradientMethod::fit(FitContext& context) {
  check_batches(context.train);
  const std::vector<Phase> parts = phases();
  for (int epoch = context.progress.epochs_done; epoch < context.until; ++epoch) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const Phase& phase) { return epoch < phase.end; });
    if (epoch == part->begin) enter_phase(static_cast<std::size_t>(part - parts.begin()));
    EpochSums sums;
    if (!train_epoch(context, *part, epoch, sums)) return;
    const auto images = static_cast<double>(sums.images);
    const torch::Tensor read = torch::stack({sums.loss, sums.correct}).to(torch::kCPU, torch::kFloat64) / images;
    const double mean_loss = read[0].item<double>();
    if (!std::isfinite(mean_loss)) throw TrialFailure(fmt::format("loss is not finite after epoch {}", epoch + 1));
    if (average_ && epoch >= task_->trial.epochs - averaged_epochs) {
      average_->take();
      if (epoch + 1 == task_->trial.epochs) settle_on_average(context.train);
    }
    context.progress.loss.push_back(mean_loss);
    context.progress.accuracy.push_back(read[1].item<double>());
    for (const auto& [name, value] : diagnose(context.train)) context.progress.diagnostics[name].push_back(value);
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

torch::Tensor GradientMethod::log_probabilities(const torch::Tensor& scores) const {
  return scores.log_softmax(1);
}

torch::Tensor GradientMethod::embed(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const Autocast autocast(task_->device.type(), bfloat16_);
  network_->eval();
  return full_precision(backbone_->features(channels_last(images)));
}

State GradientMethod::state() {
  State state = module_state(*network_);
  for (auto& entry : optimiser_->state()) state.push_back(std::move(entry));
  if (average_) {
    for (auto& entry : average_->state()) state.push_back(std::move(entry));
  }
  return state;
}

}  // namespace scant
