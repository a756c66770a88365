// Grad-L2: cross-entropy plus the squared length of its gradient with respect to the images.
#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

/// Stands where a normalisation would. Networks apply their ReLU in place behind a normalisation: without a copy it
/// also reaches whatever else uses the input, which in a pre-activation block is the identity shortcut.
class NoNormImpl : public torch::nn::Module {
 public:
  explicit NoNormImpl(bool copies) : copies_(copies) {}
  torch::Tensor forward(const torch::Tensor& x) { return copies_ ? x.clone() : x; }

 private:
  bool copies_;
};
TORCH_MODULE(NoNorm);

class NoNormMaker : public LayerMaker {
 public:
  explicit NoNormMaker(bool copies) : copies_(copies) {}
  torch::nn::AnyModule norm(int) override { return torch::nn::AnyModule(NoNorm(copies_)); }

 private:
  bool copies_;
};

class GradL2 : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("weight", weight, "of the penalty beside the cross-entropy; the published search space is unknown",
      Interval{0, 1e6}, log_uniform(1e-3, 1));
    p("bn", bn, "batch normalisation; without it every image's gradient is its own", std::vector<Json>{true, false});
  }
  double weight = 0.01;
  bool bn = true;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    LayerMaker plain;
    NoNormMaker without(!gem());
    backbone_ = make_backbone(backbone_spec(), random, bn ? plain : without);
    auto root = std::make_shared<torch::nn::Module>("GradL2");
    root->register_module("base", backbone_);
    return root;
  }
  /// {logits}. Never in bfloat16: the penalty is a derivative of this pass's own derivative.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    const Autocast off(images.device().type(), false);
    if (!network().is_training() || gem()) return {backbone_->forward(images)};
    images_ = images.detach().requires_grad_(true);
    return {backbone_->forward(images_)};
  }
  torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) override {
    const torch::Tensor value = loss(outputs, batch.labels);
    if (gem()) {
      const torch::Tensor copy = batch.images.detach().clone().requires_grad_(true);
      return value + weight * penalty(backbone_->forward(copy), copy, batch.labels);
    }
    const torch::Tensor images = std::exchange(images_, {});
    return value + weight * penalty(outputs.front(), images, batch.labels);
  }

 private:
  bool gem() const { return task().trial.compat == "gem"; }

  /// Mean over the images of || d(summed cross-entropy)/d(image) ||^2.
  static torch::Tensor penalty(const torch::Tensor& logits, const torch::Tensor& images, const torch::Tensor& labels) {
    namespace F = torch::nn::functional;
    const torch::Tensor sum = F::cross_entropy(logits, labels, F::CrossEntropyFuncOptions().reduction(torch::kSum));
    const torch::Tensor gradient =
        torch::autograd::grad({sum}, {images}, {}, /*retain_graph=*/true, /*create_graph=*/true).front();
    return gradient.square().sum() / static_cast<double>(images.size(0));
  }

  torch::Tensor images_;  // of the step under way: what the penalty differentiates by
};

const Register<GradL2> registered_gradl2{
    {.name = "gradl2",
     .summary = "cross-entropy plus its squared gradient with respect to the normalised images",
     .citation = "Bietti, Mialon, Chen & Mairal, \"A Kernel Perspective for Regularizing Deep Neural Networks\", ICML "
                 "2019",
     .differences = {"the penalty has a forward pass of its own, so normalisation statistics move twice a step",
                     "with bn = false the identity shortcuts of wide networks pass a ReLU"}}};

}  // namespace
}  // namespace scant
