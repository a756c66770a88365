// The cosine loss plus cross-entropy of a classifier on the normalised output.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/cosine_loss.hpp"

namespace scant {
namespace {

class CosineXent : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("xent_weight", xent_weight, "weight of the cross-entropy beside the cosine loss", Interval{0, 1e3});
  }
  double xent_weight = 0.1;  // the paper's

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    backbone_ = make_backbone(backbone_spec(), random);
    head_ = CosineXentHead(backbone_, task().classes, random);
    return head_.ptr();
  }
  /// {logits, normalised embedding}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    const torch::Tensor embeddings = full_precision(backbone_->forward(images));
    const Autocast off(images.device().type(), false);
    const auto [logits, normalised] = head_->forward(embeddings);
    return {logits, normalised};
  }
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    return cosine_xent_loss(outputs[0], outputs[1], labels, xent_weight);
  }
  int smallest_batch() const override { return 2; }  // the head's batch normalisation has one value per image

 private:
  CosineXentHead head_{nullptr};
};

const Register<CosineXent> registered_cosine_xent{
    {.name = "cosine-xent",
     .summary = "cosine loss of the output plus cross-entropy of a classifier on the normalised output",
     .citation = "Barz & Denzler, \"Deep Learning on Small Datasets without Pre-Training using Cosine Loss\", WACV "
                 "2020"}};

}  // namespace
}  // namespace scant
