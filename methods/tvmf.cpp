// t-vMF similarity: a heavy-tailed similarity between normalised features and class weights instead of logits.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/tvmf_head.hpp"

namespace scant {
namespace {

class Tvmf : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("kappa", kappa, "concentration: above 0 only features close to the class weight count as similar",
      Interval{-0.49, 1e4}, choice({4.0, 16.0, 64.0}));
  }
  double kappa = 16;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    BackboneSpec spec = backbone_spec();
    spec.stem_relu = task().trial.compat != "gem";
    backbone_ = make_backbone(spec, random);
    head_ = TvmfHead(backbone_->dim(), task().classes, kappa, random);
    auto root = std::make_shared<torch::nn::Module>("Tvmf");
    root->register_module("feat", backbone_);  // its own classifier stays without use and without gradient
    root->register_module("fc_loss", head_);
    return root;
  }
  /// {similarities}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    const torch::Tensor features = full_precision(backbone_->features(images));
    const Autocast off(images.device().type(), false);
    return {head_->forward(features)};
  }
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    return head_->loss(outputs.front(), labels);
  }
  torch::Tensor log_probabilities(const torch::Tensor& similarities) const override {
    const torch::NoGradGuard no_grad;
    return (head_->scale() * similarities).log_softmax(1);
  }

 private:
  TvmfHead head_{nullptr};
};

const Register<Tvmf> registered_tvmf{
    {.name = "tvmf",
     .summary = "softmax over t-vMF similarities with a learned scale",
     .citation = "Kobayashi, \"t-vMF Similarity for Regularizing Intra-Class Feature Distribution\", CVPR 2021",
     .differences = {"backbones of the rn20 family have no ReLU after the stem's normalisation"}}};

}  // namespace
}  // namespace scant
