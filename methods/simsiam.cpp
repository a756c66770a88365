// SimSiam: a predictor finds one view's projection from the other's; no negatives, no second network, only no gradient
// through what is to be predicted.
#include "methods/parts/byol_loss.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"

namespace scant {
namespace {

class SimSiam : public ContrastiveMethod {
 public:
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("dim", dim, "width of the projector's layers and components of a projection", Interval{1, 1 << 16});
    p("bottleneck", bottleneck, "width of the predictor's hidden layer", Interval{1, 1 << 16});
    p("projector_layers", layers, "linear layers of the projector; the paper has 3, on CIFAR-10 2", Interval{1, 8});
  }
  int dim = 2048, bottleneck = 512, layers = 2;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    check_two_views();
    const MlpSpec projector{
        .layers = layers, .hidden = dim, .out = dim, .last_bias = false, .last = MlpSpec::Norm::plain};
    projector_ = root.register_module("projector", MlpHead(features, projector, random));
    predictor_ = root.register_module("predictor", MlpHead(dim, MlpSpec{.hidden = bottleneck, .out = dim}, random));
  }
  torch::Tensor contrast(const Batch&, const torch::Tensor& features) override {
    std::vector<torch::Tensor> projections, predictions;
    for (const torch::Tensor& view : features.chunk(2)) {  // normalised apart
      projections.push_back(projector_->forward(view));
      predictions.push_back(predictor_->forward(projections.back()));
    }
    return negative_cosine_loss(predictions, projections);
  }

 private:
  MlpHead projector_{nullptr}, predictor_{nullptr};
};

const Register<SimSiam> registered_simsiam{
    {.name = "simsiam",
     .summary = "one view's projection is predicted from the other's, without gradient through the target",
     .citation = "Chen & He, \"Exploring Simple Siamese Representation Learning\", CVPR 2021",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
