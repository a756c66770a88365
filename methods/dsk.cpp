// Dual selective-kernel networks: blocks of two branches of which training keeps one at random, and a loss that draws
// features to class centres.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/class_centres.hpp"
#include "methods/parts/dual_block.hpp"

namespace scant {
namespace {

class Dsk : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("composite_loss", composite_loss, "positive-class, cosine and centre loss; false: softmax cross-entropy",
      std::vector<Json>{true, false});
    p("centre_weight", centre_weight,
      "weight of the centre loss; 0: no centres and no layer in front of the classifier. The search space is ours, "
      "around the benchmark's 0.5",
      Interval{0, 1e3}, choice({0.1, 0.5, 1.0}));
    p("centre_dim", centre_dim, "dimensions of the features that have centres; 0: as many as the backbone's",
      Interval{0, 65536});
  }
  bool composite_loss = true;
  double centre_weight = 0.5;
  int centre_dim = 0;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    DualMaker maker;
    backbone_ = make_backbone(backbone_spec(), random, maker);
    dual_ = std::make_shared<DualNetwork>(backbone_);
    if (has_centres()) {
      const int wide = backbone_->dim(), dim = centre_dim > 0 ? centre_dim : wide;
      backbone_->fc = backbone_->replace_module("fc", make_linear(wide, dim, random));
      fc_ = dual_->register_module("fc", make_linear(dim, task().classes, random));
      centres_ = ClassCentres(task().classes, dim, random);
      centres_.values = centres_.values.detach().to(task().device).requires_grad_(true);
    }
    branch_seed_ = task().trial.seed("branches");
    return dual_;
  }

  /// {logits}, and the features N x centre_dim where there are centres.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    if (dual_->is_training() && !dual_->chosen()) choose_branches();
    const torch::Tensor pooled = full_precision(backbone_->features(images));
    const Autocast off(images.device().type(), false);
    const torch::Tensor projected = watched(*backbone_->fc, backbone_->fc->forward(pooled));
    if (!has_centres()) return {projected};
    return {watched(*fc_, fc_->forward(projected)), projected};
  }
  /// The positive-class loss looks at classes one by one: its scores are no distribution over them.
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override {
    return composite_loss ? torch::Tensor() : GradientMethod::log_probabilities(scores);
  }
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    if (!composite_loss) return GradientMethod::loss(outputs, labels);
    const torch::Tensor value = positive_class_loss(outputs[0], labels);
    return has_centres() ? value + centre_weight * centres_.loss(outputs[1], labels) : value;
  }
  void after_step(const Step&) override {
    if (has_centres()) centres_.step(centre_weight);
    steps_.add_(1);
    dual_->forget();
  }
  /// The features that have centres, else the backbone's.
  torch::Tensor embed(const torch::Tensor& images) override {
    const torch::Tensor pooled = GradientMethod::embed(images);
    const torch::NoGradGuard no_grad;
    return has_centres() ? backbone_->fc->forward(pooled) : pooled;
  }
  State state() override {
    State state = GradientMethod::state();
    if (has_centres()) state.emplace_back("centres", centres_.values);
    state.emplace_back("steps", steps_);
    return state;
  }
  /// The squeezed vectors of a selective kernel are normalised over the batch.
  int smallest_batch() const override { return 2; }
  /// A step draws one branch, and one step's features move the centres.
  bool takes_parts() const override { return false; }

 private:
  bool has_centres() const { return composite_loss && centre_weight > 0; }
  /// A function of the trial and of the steps taken, so that it survives a stop.
  void choose_branches() {
    Random random(branch_seed_, static_cast<std::uint64_t>(steps_.item<std::int64_t>()));
    std::vector<int> draws(dual_->blocks());
    for (int& draw : draws) draw = static_cast<int>(random.below(2));
    dual_->keep(draws);
  }

  std::shared_ptr<DualNetwork> dual_;
  torch::nn::Linear fc_{nullptr};
  ClassCentres centres_;
  std::uint64_t branch_seed_ = 0;
  torch::Tensor steps_ = torch::zeros({}, torch::kInt64);  // on the CPU: read at every step
};

const Register<Dsk> registered_dsk{
    {.name = "dsk",
     .summary = "dual selective-kernel blocks, anti-aliased subsampling and class centres",
     .citation = "Sun et al., \"Dual Selective Kernel Networks\", VIPriors workshop at ECCV 2020; there is no official "
                 "code, this follows Brigato et al., IEEE Access 2022"}};

}  // namespace
}  // namespace scant
