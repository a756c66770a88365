// SimCLR: views of the same image attract each other, all other views of the batch repel.
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"
#include "methods/parts/nt_xent.hpp"

namespace scant {
namespace {

class SimClr : public ContrastiveMethod {
 public:
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("temperature", temperature, "divides the cosines before the softmax", Interval{1e-3, 1e3},
      choice({0.1, 0.2, 0.5}));
    p("hidden", hidden, "width of the projector's hidden layers", Interval{1, 1 << 16});
    p("dim", dim, "components of a projection", Interval{1, 1 << 16});
    p("projector_layers", layers, "linear layers of the projector", Interval{1, 8});
  }
  double temperature = 0.5;
  int hidden = 512, dim = 128, layers = 2;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    check_two_views();
    const MlpSpec spec{.layers = layers, .hidden = hidden, .out = dim};
    projector_ = root.register_module("projector", MlpHead(features, spec, random));
  }
  torch::Tensor contrast(const Batch&, const torch::Tensor& features) override {
    const auto views = projector_->forward(features).chunk(2);
    return nt_xent_anchors(views[0], views[1], {.temperature = temperature}).mean();
  }

 private:
  MlpHead projector_{nullptr};
};

const Register<SimClr> registered_simclr{
    {.name = "simclr",
     .summary = "contrast: an image's two views attract each other, all other views of the batch repel",
     .citation = "Chen, Kornblith, Norouzi & Hinton, \"A Simple Framework for Contrastive Learning of Visual "
                 "Representations\", ICML 2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
