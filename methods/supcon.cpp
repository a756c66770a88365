// SupCon: all views of all images of a class attract each other; then a linear classifier learns on the frozen encoder.
#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/supcon_loss.hpp"

namespace scant {
namespace {

class SupCon : public ContrastiveMethod {
 public:
  SupCon() { weight_decay = 1e-4; }
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("form", form, "mean over positives outside (out) or inside (in) of the logarithm",
      std::vector<Json>{"out", "in"});
    p("temperature", temperature, "divides the cosines before the softmax", Interval{1e-3, 1e3},
      choice({0.05, 0.07, 0.1, 0.2, 0.5}));
    p("dim", dim, "components of a projection", Interval{1, 1 << 16});
    p("training", training, "contrast, then the classifier on the frozen encoder; or both losses at once",
      std::vector<Json>{"two-stage", "joint"});
    p("contrast_share", contrast_share, "two-stage: share of the epochs that contrast gets, the classifier the rest",
      Interval{0, 1});
    p("head_lr", head_lr, "two-stage: initial learning rate of the classifier's own cosine schedule", Interval{0, 1e3},
      log_uniform(0.01, 10));
    p("xent_weight", xent_weight, "joint: weight of the cross-entropy in the encoder's loss", Interval{0, 1e3},
      log_uniform(0.1, 10));
  }
  std::string form = "out", training = "two-stage";
  double temperature = 0.1, contrast_share = 0.8, head_lr = 1.25, xent_weight = 1;
  int dim = 128;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    if (training == "two-stage" && averaged_epochs > 0) {
      throw InputError("averaged_epochs must be 0 in two-stage training, whose encoder is frozen at the end");
    }
    projector_ = root.register_module("projector", Projector(features, dim, random));
  }
  std::vector<Phase> phases() const override {
    const int epochs = task().trial.epochs;
    if (training == "joint") return ContrastiveMethod::phases();
    const int boundary = std::clamp(static_cast<int>(std::lround(contrast_share * epochs)), 0, epochs);
    return {{.begin = 0, .end = boundary, .lr = lr}, {.begin = boundary, .end = epochs, .lr = head_lr}};
  }
  void enter_phase(std::size_t phase) override { phase_.fill_(static_cast<std::int64_t>(phase)); }

  /// An unlabelled image's positives are its own other views.
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override {
    const std::int64_t n = batch.labels.size(0);
    const torch::Tensor rows = unit_rows(projector_->forward(features));
    const torch::Tensor z = rows.view({-1, n, dim}).transpose(0, 1);
    const SupConOptions options{.temperature = temperature,
                                .form = form == "in" ? SupConOptions::Form::in : SupConOptions::Form::out};
    const torch::Tensor loss = supcon_anchors(z, same_class(batch.labels), options).values.mean();
    if (training != "joint") return loss;
    // The classifier itself learns from the base's own term; this one is for the encoder.
    const torch::nn::Linear& fc = backbone_->fc;
    const torch::Tensor logits = torch::linear(features, fc->weight.detach(), fc->bias.detach());
    return loss + xent_weight * labelled_cross_entropy(logits, batch.labels.repeat({views()}));
  }

  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override {
    return frozen() ? GradientMethod::draw(train, positions, epoch) : ContrastiveMethod::draw(train, positions, epoch);
  }
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    if (!frozen() || !network().is_training()) return ContrastiveMethod::outputs(images);
    backbone_->eval();
    torch::Tensor features;
    {
      const torch::NoGradGuard no_grad;
      features = full_precision(backbone_->features(images));
    }
    const Autocast off(images.device().type(), false);
    return {backbone_->fc->forward(features)};
  }
  torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) override {
    return frozen() ? labelled_cross_entropy(outputs.front(), batch.labels)
                    : ContrastiveMethod::training_loss(batch, outputs);
  }
  State state() override {
    State state = ContrastiveMethod::state();
    state.emplace_back("phase", phase_);
    return state;
  }

 private:
  bool frozen() const { return phase_.item<std::int64_t>() == 1; }

  Projector projector_{nullptr};
  torch::Tensor phase_ = torch::zeros({1}, torch::kInt64);  // on the host: every step asks
};

const Register<SupCon> registered_supcon{
    {.name = "supcon",
     .summary = "supervised contrast: a class's views attract each other; then a classifier on the frozen encoder",
     .citation = "Khosla et al., \"Supervised Contrastive Learning\", NeurIPS 2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
