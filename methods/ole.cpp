// OLE: cross-entropy plus a term that makes each class's features low-rank and different classes' orthogonal.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/ole_term.hpp"

namespace scant {
namespace {

class Ole : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("lambda", lambda, "weight of the term beside the cross-entropy; searched around the published default",
      Interval{0, 1e3}, choice({0.0625, 0.125, 0.25, 0.5}));
    p("delta", delta, "nuclear norm of a class's features below which it is not pushed down further", Interval{0, 1e6});
  }
  double lambda = 0.25, delta = 1;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    BackboneSpec spec = backbone_spec();
    spec.stem_relu = !gem();
    backbone_ = make_backbone(spec, random);
    return backbone_;
  }
  /// {logits, features N x D}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    const torch::Tensor features = backbone_->features(images);
    return {watched(*backbone_->fc, backbone_->fc->forward(features)), features};
  }
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    const OleOptions options{.weight = gem() ? 0.25 : lambda, .delta = delta, .ignores_upstream = gem()};
    return GradientMethod::loss(outputs, labels) + ole_term(outputs[1], labels, options);
  }
  /// The term is no mean over images.
  bool takes_parts() const override { return false; }

 private:
  bool gem() const { return task().trial.compat == "gem"; }
};

const Register<Ole> registered_ole{
    {.name = "ole",
     .summary = "cross-entropy plus nuclear norms: small for each class's features, large for the batch's",
     .citation = "Lezama, Qiu, Muse & Sapiro, \"OLE: Orthogonal Low-rank Embedding, A Plug and Play Geometric Loss for "
                 "Deep Learning\", CVPR 2018",
     .differences = {"lambda is always 0.25, whatever the parameter says",
                     "backbones of the rn20 family have no ReLU after the stem's normalisation"}}};

}  // namespace
}  // namespace scant
