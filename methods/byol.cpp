// BYOL: a network predicts what a slowly following copy of itself says of the image's other view.
#include "methods/parts/byol_loss.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"
#include "methods/parts/momentum_network.hpp"

namespace scant {
namespace {

class Byol : public ContrastiveMethod {
 public:
  Byol() { recipe = "byol"; }
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("target_momentum", target_momentum,
      "share of itself that the target keeps in the first step; rises to 1 along half a cosine, in each cycle anew",
      Interval{0, 1}, choice({0.97, 0.99, 0.996}));
    p("hidden", hidden, "width of the hidden layers of projector and predictor", Interval{1, 1 << 16});
    p("dim", dim, "components of a projection", Interval{1, 1 << 16});
  }
  double target_momentum = 0.99;
  int hidden = 1024, dim = 256;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    check_two_views();
    const MlpSpec spec{.hidden = hidden, .out = dim, .hidden_bias = true, .last_bias = false};
    projector_ = root.register_module("projector", MlpHead(features, spec, random));
    predictor_ = root.register_module("predictor", MlpHead(dim, spec, random));
    target_ = root.register_module("target", make_backbone(backbone_spec(), random));
    target_->drop_classifier();
    target_projector_ = root.register_module("target_projector", MlpHead(features, spec, random));
    follower_.add(*backbone_, *target_);
    follower_.add(*projector_, *target_projector_);
  }
  /// A quarter of the paper's loss: the scale of CIFAR recipes, whose learning rates are this method's defaults.
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override {
    std::vector<torch::Tensor> predictions;
    for (const torch::Tensor& view : features.chunk(2)) {  // normalised apart
      predictions.push_back(predictor_->forward(projector_->forward(view)));
    }
    return byol_loss(predictions, targets(batch.images)) / 4;
  }
  /// The target moves once the optimiser has.
  void after_step(const Step& step) override {
    ContrastiveMethod::after_step(step);
    const Cycle cycle = cycle_of(step);
    const auto at = static_cast<double>(step.number - cycle.begin);
    follower_.move(cosine_between(target_momentum, 1, at, static_cast<double>(cycle.length)));
  }

 private:
  std::vector<torch::Tensor> targets(const torch::Tensor& images) {
    const torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> projections;
    for (const torch::Tensor& view : images.chunk(2)) {
      projections.push_back(target_projector_->forward(features_of(*target_, view)));
    }
    return projections;
  }

  MlpHead projector_{nullptr}, predictor_{nullptr}, target_projector_{nullptr};
  std::shared_ptr<Backbone> target_;
  Follower follower_;
};

const Register<Byol> registered_byol{
    {.name = "byol",
     .summary = "predicts a slowly following copy's projection of the image's other view; no negatives",
     .citation = "Grill et al., \"Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning\", NeurIPS "
                 "2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
