// Barlow Twins: what two views say of an image agrees component by component, and no two components say the same.
#include "methods/parts/barlow_loss.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"

namespace scant {
namespace {

class Barlow : public ContrastiveMethod {
 public:
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("off_diagonal", off_diagonal, "weight of correlations between different components", Interval{0, 1e3},
      log_uniform(1e-3, 5e-2));
    p("scale", scale, "factor of the loss beside the classifier's", Interval{0, 1e3});
    p("hidden", hidden, "width of the projector's hidden layers", Interval{1, 1 << 16});
    p("dim", dim, "components of a projection", Interval{1, 1 << 16});
    p("projector_layers", layers, "linear layers of the projector", Interval{1, 8});
  }
  double off_diagonal = 0.005, scale = 0.1;
  int hidden = 2048, dim = 2048, layers = 3;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    check_two_views();
    const MlpSpec spec{.layers = layers, .hidden = hidden, .out = dim, .last_bias = false};
    projector_ = root.register_module("projector", MlpHead(features, spec, random));
  }
  torch::Tensor contrast(const Batch&, const torch::Tensor& features) override {
    const auto views = features.chunk(2);  // normalised apart
    const torch::Tensor correlation = cross_correlation(projector_->forward(views[0]), projector_->forward(views[1]));
    return barlow_loss(correlation, {.off_diagonal = off_diagonal, .scale = scale});
  }

 private:
  MlpHead projector_{nullptr};
};

const Register<Barlow> registered_barlow{
    {.name = "barlow",
     .summary = "the correlation matrix between two views' projections becomes the identity",
     .citation = "Zbontar, Jing, Misra, LeCun & Deny, \"Barlow Twins: Self-Supervised Learning via Redundancy "
                 "Reduction\", ICML 2021",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
