// Distilling visual priors: contrastive pre-training on the training images themselves, then a student that imitates
// the pre-trained network's maps while it learns the classes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "harness/learn/views.hpp"
#include "methods/parts/feature_distillation.hpp"
#include "methods/parts/moco.hpp"
#include "methods/parts/split_norm.hpp"

namespace scant {
namespace {

constexpr int splits = 8;  // parts of a batch that pre-training normalises separately

/// Both phases' networks exist from the start, so that a checkpoint always has the same tensors.
class Dvp : public GradientMethod {
 public:
  Dvp() {
    batch_size = 16;
    batch_sizes = choice({8, 16, 32, 64});  // what pre-training can split into eight equal parts
  }
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("pretrain_share", pretrain_share, "share of the epochs that pre-training gets, distillation has the rest",
      Interval{0, 1});
    p("distill_lr", distill_lr, "initial learning rate of the distillation phase's own cosine schedule",
      Interval{0, 1e3}, log_uniform(1e-4, 0.1));
    p("queue", moco.queue, "keys of earlier batches that a view is told apart from; at least one batch",
      Interval{1, 1 << 24});
    p("key_momentum", moco.key_momentum, "share of itself that the key network keeps each step", Interval{0, 1});
    p("temperature", moco.temperature, "divides the cosines before the softmax", Interval{1e-4, 1e3});
    p("margin", moco.margin, "taken off the cosine of an image's two views; the search covers the paper's range",
      Interval{-2, 2}, choice({0.0, 0.2, 0.4, 0.6, 0.8}));
    p("distill_weight", distill_weight, "weight of the distance between student's and teacher's maps, per image",
      Interval{0, 1e3}, log_uniform(1e-5, 1e-3));
    p("warm_up", warm_up, "first epochs of the distillation phase, in which the student learns from labels alone",
      Interval{0, 1 << 20});
  }
  double pretrain_share = 0.5, distill_lr = 0.01, distill_weight = 1e-4;
  int warm_up = 4;
  MocoOptions moco;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override;
  std::vector<Phase> phases() const override;
  void enter_phase(std::size_t phase) override;
  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override;
  /// Pre-training: {scores of the linear head, unit queries}, in training of the first half of `images`, which holds
  /// both views. Distillation: {logits, in training the student's connected maps}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override;
  torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) override;
  void after_step(const Step& step) override;
  std::vector<torch::Tensor> trainable() override;
  /// Pre-training tells a batch's images apart from earlier batches' and keeps their keys.
  bool takes_parts() const override { return false; }
  torch::Tensor embed(const torch::Tensor& images) override;
  Backbone* encoder() override;
  State state() override;

 private:
  bool gem() const { return task().trial.compat == "gem"; }
  bool bfloat16() const { return task().trial.precision == "bf16"; }
  bool pretraining() const { return phase_.item<std::int64_t>() == 0; }
  int pretraining_epochs() const;
  void check_sizes() const;
  torch::Tensor pretraining_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs);
  torch::Tensor distillation_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs);

  Moco pretrain_{nullptr};
  Distiller distill_{nullptr};
  // On the host, beside the network: every step asks, and must not wait for the device.
  torch::Tensor phase_ = torch::zeros({1}, torch::kInt64);
  torch::Tensor keys_;  // of the step under way
};

void Dvp::check_sizes() const {
  if (moco.queue < batch_size) {
    throw InputError(fmt::format("queue = {} must hold at least one batch, batch_size = {}", moco.queue, batch_size));
  }
  if (!gem()) return;
  if (batch_size % splits != 0) {
    throw InputError(
        fmt::format("with compat = \"gem\" batch_size must be a multiple of {}, it is {}", splits, batch_size));
  }
  if (moco.queue % batch_size != 0) {
    throw InputError(
        fmt::format("with compat = \"gem\" queue = {} must be a multiple of batch_size = {}", moco.queue, batch_size));
  }
}

std::shared_ptr<torch::nn::Module> Dvp::build_network(Random& random) {
  check_sizes();
  SplitNormMaker split(splits);
  const auto query = make_backbone(backbone_spec(), random, split), key = make_backbone(backbone_spec(), random, split);
  query->drop_classifier();
  key->drop_classifier();
  pretrain_ = Moco(query, key, task().classes, moco, random);
  const auto teacher = make_backbone(backbone_spec(), random), student = make_backbone(backbone_spec(), random);
  distill_ = Distiller(teacher, student, gem(), random);
  auto root = std::make_shared<torch::nn::Module>("Dvp");
  root->register_module("pretrain", pretrain_);
  root->register_module("distill", distill_);
  backbone_ = query;
  return root;
}

int Dvp::pretraining_epochs() const {
  const int epochs = task().trial.epochs;
  return std::clamp(static_cast<int>(std::lround(pretrain_share * epochs)), 0, epochs);
}

std::vector<Phase> Dvp::phases() const {
  const int boundary = pretraining_epochs();
  return {{.begin = 0, .end = boundary, .lr = lr, .whole_batches = true},
          {.begin = boundary, .end = task().trial.epochs, .lr = distill_lr}};
}

void Dvp::enter_phase(std::size_t phase) {
  phase_.fill_(static_cast<std::int64_t>(phase));
  if (phase == 0) return;
  const torch::NoGradGuard no_grad;
  const State trained = module_state(*pretrain_->encoder_q);
  for (const auto& network : {distill_->t_net, distill_->s_net}) {
    State state = module_state(*network);
    // The classifier, which pre-training has none of, is the last of a backbone's modules.
    for (std::size_t i = 0; i < trained.size(); ++i) state[i].second.copy_(trained[i].second);
  }
  // The reference asks for the margins before it loads the pre-trained weights.
  if (!gem()) distill_->set_margins();
}

Batch Dvp::draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const {
  if (!pretraining()) return GradientMethod::draw(train, positions, epoch);
  return stacked_views(train, positions, task().trial.seed("augment"), epoch, 2, {});
}

std::vector<torch::Tensor> Dvp::outputs(const torch::Tensor& images) {
  const bool training = network().is_training();
  if (!pretraining()) {
    if (!training) return {distill_->s_net->forward(images)};
    DistillerImpl::Student student = distill_->student(images);
    std::vector<torch::Tensor> all{student.logits};
    all.insert(all.end(), student.maps.begin(), student.maps.end());
    return all;
  }
  const torch::Tensor own = training ? images.narrow(0, 0, images.size(0) / 2) : images;
  const torch::Tensor features = full_precision(pretrain_->encoder_q->features(own));
  const Autocast off(images.device().type(), false);
  return {pretrain_->scores(features), pretrain_->query(features)};
}

torch::Tensor Dvp::training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) {
  return pretraining() ? pretraining_loss(batch, outputs) : distillation_loss(batch, outputs);
}

torch::Tensor Dvp::pretraining_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) {
  const std::int64_t n = batch.labels.size(0);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  // An image comes once an epoch: the batch's first one names the batch.
  Random(task().trial.seed("key-order"),
         static_cast<std::uint64_t>(batch.epoch) << 40 | static_cast<std::uint64_t>(batch.indices.front()))
      .shuffle(order);
  {
    const Autocast autocast(task().device.type(), bfloat16());
    keys_ = pretrain_->keys(batch.images.narrow(0, n, n).contiguous(torch::MemoryFormat::ChannelsLast), order);
  }
  const torch::Tensor logits = pretrain_->logits(outputs[1], keys_);
  const torch::Tensor first = torch::zeros_like(batch.labels);
  namespace F = torch::nn::functional;
  return F::cross_entropy(logits, first) + F::cross_entropy(outputs[0], batch.labels);
}

torch::Tensor Dvp::distillation_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) {
  const torch::Tensor supervised = loss(outputs, batch.labels);
  // Nothing that is used depends on the teacher's running statistics, so it need not run before it is imitated.
  if (batch.epoch - pretraining_epochs() < warm_up) return supervised;
  std::vector<torch::Tensor> wanted;
  {
    const Autocast autocast(task().device.type(), bfloat16());
    wanted = distill_->teacher_maps(batch.images.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  for (torch::Tensor& map : wanted) map = full_precision(map);
  const torch::Tensor distance = distill_->distance({outputs.begin() + 1, outputs.end()}, wanted);
  return supervised + distill_weight / static_cast<double>(batch.labels.size(0)) * distance;
}

void Dvp::after_step(const Step& step) {
  if (!keys_.defined()) return;
  // Every batch of this phase is whole, so the steps alone tell where the ring of keys stands.
  pretrain_->enqueue(keys_, step.number * batch_size % moco.queue);
  keys_.reset();
}

std::vector<torch::Tensor> Dvp::trainable() {
  std::vector<torch::Tensor> tensors;
  const auto add = [&](torch::nn::Module& module) {
    for (const torch::Tensor& p : module.parameters()) {
      if (p.requires_grad()) tensors.push_back(p);
    }
  };
  add(*pretrain_);
  add(*distill_->connectors);
  add(*distill_->s_net);
  return tensors;
}

Backbone* Dvp::encoder() {
  backbone_ = pretraining() ? pretrain_->encoder_q : distill_->s_net;
  return backbone_.get();
}

torch::Tensor Dvp::embed(const torch::Tensor& images) {
  encoder();
  return GradientMethod::embed(images);
}

State Dvp::state() {
  State state = GradientMethod::state();
  state.emplace_back("phase", phase_);
  return state;
}

const Register<Dvp> registered_dvp{
    {.name = "dvp",
     .summary = "momentum contrast with a margin on the training images, then self-distillation of feature maps",
     .citation = "Zhao & Wen, \"Distilling Visual Priors from Self-Supervised Learning\", ECCV Workshops 2020",
     .differences = {"the distillation's margins are those of freshly built networks, -sqrt(2/pi) for every channel",
                     "normalisations that wide residual networks are tapped behind move their statistics twice a step",
                     "batch_size must be a multiple of 8 and divide queue; otherwise a batch is normalised in as many "
                     "equal parts, up to 8, as its size allows"}}};

}  // namespace
}  // namespace scant
