// SwAV: crops of an image predict each other's assignment to prototypes. Numbers of prototypes, queue and crops are for
// thousands of images of 32 pixels, where the paper has a million of 224: 3000 prototypes, a queue of 3840 from epoch
// 15 of 200, six small crops of 96 pixels, and LARC.
#include <cmath>

#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"
#include "methods/parts/multi_crop.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/swav_loss.hpp"

namespace scant {
namespace {

const std::vector<std::size_t> global_crops{0, 1};  // the ones that are assigned

class Swav : public ContrastiveMethod {
 public:
  Swav() { recipe = "swav"; }
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("prototypes", prototypes, "directions that images are assigned to; not many more than a batch and the queue hold",
      Interval{2, 65536}, choice({64, 128, 256, 512}));
    p("temperature", options.temperature, "divides the scores that predict", Interval{1e-4, 1e3});
    p("epsilon", options.epsilon, "divides the scores that are assigned; smaller is harder", Interval{1e-4, 1e3},
      choice({0.03, 0.05}));
    p("iterations", options.iterations, "of Sinkhorn-Knopp", Interval{1, 1000});
    p("frozen_epochs", frozen_epochs, "first epochs in which the prototypes stay as they are", Interval{0, 1 << 20});
    p("queue", queue_size, "embeddings of earlier images that join each assignment, a crop; 0: none",
      Interval{0, 1 << 24});
    p("queue_from", queue_from, "share of the epochs before the queue begins to fill", Interval{0, 1});
    p("small_crops", small_crops, "small crops an image, which are not assigned, where the recipe has any",
      Interval{0, 64});
    p("dim", dim, "of the space that prototypes lie in", Interval{1, 65536});
    p("hidden", hidden, "width of the projector's hidden layer", Interval{1, 65536});
  }
  SwavOptions options;
  int prototypes = 128, frozen_epochs = 1, queue_size = 256, small_crops = 4, dim = 128, hidden = 512;
  double queue_from = 0.1;

  std::vector<ViewRecipe> recipes() const override {
    return with_small_views(ContrastiveMethod::recipes(), small_crops);
  }
  void add_heads(torch::nn::Module& root, int features, Random& random) override;
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override;
  State state() override;

 private:
  MlpHead projector_{nullptr};
  Prototypes prototypes_{nullptr};
  FeatureQueue queue_{nullptr};
};

void Swav::add_heads(torch::nn::Module& root, int features, Random& random) {
  check_two_views();
  projector_ = root.register_module(
      "projector", MlpHead(features, MlpSpec{.hidden = hidden, .out = dim, .hidden_bias = true}, random));
  prototypes_ = root.register_module("prototypes", Prototypes(prototypes, dim, random));
  if (queue_size == 0) return;
  queue_ = root.register_module("queue", FeatureQueue(static_cast<int>(global_crops.size()), queue_size, dim));
}

torch::Tensor Swav::contrast(const Batch& batch, const torch::Tensor& features) {
  torch::Tensor all = features;
  if (batch.local.defined()) all = torch::cat({features, features_of(*backbone_, batch.local)});
  const std::int64_t n = batch.labels.size(0);
  const std::vector<torch::Tensor> crops = unit_rows(projector_->forward(all)).split(n);
  const bool queued = queue_size > 0 && batch.epoch >= std::lround(queue_from * task().trial.epochs);
  return swav_loss(crops, global_crops, *prototypes_, batch.epoch < frozen_epochs, queued ? queue_.get() : nullptr,
                   options);
}

State Swav::state() {
  State state = ContrastiveMethod::state();
  if (queue_size > 0) state.emplace_back("queue_held", queue_->held);
  return state;
}

const Register<Swav> registered_swav{
    {.name = "swav",
     .summary = "crops of an image predict each other's balanced assignment to learned prototypes",
     .citation = "Caron, Misra, Mairal, Goyal, Bojanowski & Joulin, \"Unsupervised Learning of Visual Features by "
                 "Contrasting Cluster Assignments\", NeurIPS 2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
