// What t-ReX and t-ReX* share: classes are learned from several crops behind an expendable projector, against class
// means of a memory or a cosine classifier. The memory starts empty, where the paper's starts with random embeddings of
// random labels: a class without any has cosine 0 with everything.
#pragma once
#include "methods/parts/class_memory.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/cosine_classifier.hpp"
#include "methods/parts/expendable_projector.hpp"
#include "methods/parts/momentum_network.hpp"

namespace scant {

class TrexMethod : public ContrastiveMethod {
 public:
  TrexMethod() {
    recipe = "trex";
    batch_size = 16;
    batch_sizes = choice({16, 32, 64, 128});
  }
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("hidden_layers", hidden_layers,
      "of the projector: more of them, and features transfer better and suit the training classes less",
      Interval{0, 16});
    p("classifier", classifier, "class weights: means, of a memory of embeddings; weights, learned ones",
      std::vector<Json>{"means", "weights"});
    p("temperature", temperature, "divides the cosines before the softmax", Interval{1e-4, 1e3},
      choice({0.05, 0.1, 0.2}));
    p("memory", memory_per_class,
      "remembered embeddings, as a multiple of the number of classes; at least a batch, at most a quarter of the "
      "training images",
      Interval{1, 1 << 20});
    p("target_momentum", target_momentum, "share of itself that the network behind the memory keeps each step",
      Interval{0, 1}, choice({0.9, 0.99, 0.999}));
    p("small_crops", small_crops, "small crops an image, where the recipe has any", Interval{0, 64});
    p("dim", dim, "of the space that classes are compared in", Interval{1, 65536});
    p("hidden", hidden, "width of the projector's hidden layers", Interval{1, 65536});
  }
  int hidden_layers = 3, memory_per_class = 8, small_crops = 4, dim = 128, hidden = 512;
  double temperature = 0.1, target_momentum = 0.99;
  std::string classifier = "means";

  std::vector<ViewRecipe> recipes() const override;
  void add_heads(torch::nn::Module& root, int features, Random& random) override;
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override;
  void after_step(const Step& step) override;
  State state() override;

 private:
  bool means() const { return classifier == "means"; }
  void remember(const Batch& batch);

  ExpendableProjector projector_{nullptr}, target_projector_{nullptr};
  std::shared_ptr<Backbone> target_encoder_;
  Follower follower_;
  ClassMemory memory_{nullptr};
  CosineClassifier weights_{nullptr};
};

}  // namespace scant
