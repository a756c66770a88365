// What the methods that learn from views of images share: the views, an encoder, heads of their own, and a linear
// classifier that learns beside them without touching the encoder.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "harness/learn/gradient_method.hpp"
#include "harness/learn/recipes.hpp"
#include "harness/learn/views.hpp"
#include "methods/parts/efficient_training.hpp"

namespace scant {

/// The encoder is the task's backbone; its `fc` is the online classifier: cross-entropy on features that carry no
/// gradient (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020, monitor their encoder so), over the labelled
/// images of a step. It is what `predict` answers with; a suite's judges read the embedding instead. Images may come
/// without labels (-1).
class ContrastiveMethod : public GradientMethod {
 public:
  /// The recipe on CIFAR-10 that most methods have published numbers for (specs: ssl, section 12, batches of 128).
  ContrastiveMethod() {
    lr = 0.06;
    weight_decay = 5e-4;
    batch_size = 128;
    batch_sizes = choice({64, 128, 256});
  }
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("warm_up_epochs", warm_up_epochs, "first epochs, over which the learning rate rises from 0",
      Interval{0, 1 << 20});
    p("optimiser", optimiser, "what moves the weights", names_of(optimiser_kinds()));
    p("nesterov", nesterov, "sgd and LARS: look ahead", std::vector<Json>{false, true});
    p("spare_vectors", spare_vectors, "biases and normalisations get no decay, and no trust ratio in LARS",
      std::vector<Json>{false, true});
    p("recipe", recipe, "the random views that an image is seen in", names_of(recipe_names()));
    p("strength", strength, "multiplies the recipe's changes of brightness, contrast, saturation and hue",
      Interval{0, 2});
    p("min_scale", min_scale, "smallest share of an image's area in a view; 0: the recipe's", Interval{0, 1});
    efficient.visit(p);
  }
  int warm_up_epochs = 0;
  std::string optimiser = "sgd", recipe = "simclr";
  bool nesterov = false, spare_vectors = false;
  double strength = 1, min_scale = 0;
  EfficientTraining efficient;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) final;
  /// Views of the recipe, stacked view by view; see views_of.
  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override;
  /// {scores of the online classifier, features}; in training scores of the first view alone, and features of all
  /// views, V*N x D, which carry the gradient.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override;
  torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) override;
  /// Images are compared with each other, and heads normalise over them.
  bool takes_parts() const override { return false; }
  int smallest_batch() const override { return 2; }
  /// Of up to 512 training images' embeddings, without augmentation: feature_std, the same over that of vectors spread
  /// over the sphere (relative_std: 0 where all are the same), mean_cosine, effective_rank, and uniformity.
  std::map<std::string, double> diagnose(const Samples& train) override;

  OptimiserOptions optimiser_options() const override;
  /// Linear warm-up from 0, then a cosine to 0; or cycles.
  double rate(const Phase& phase, const Step& step) const override;
  /// Views of one image in a step; default: those of the recipe.
  virtual std::vector<ViewRecipe> recipes() const;
  /// Registers projector, predictor, target network, queue ... in `root`. `features`: D of the encoder.
  virtual void add_heads(torch::nn::Module& root, int features, Random& random) = 0;
  /// The method's own loss, a scalar. `features`: of batch.images, V*N x D, view by view.
  virtual torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) = 0;

  int views() const { return views_; }

 protected:
  /// The recipe of an epoch: views grow within a cycle of the epoch's phase.
  std::vector<ViewRecipe> grown(int epoch, std::vector<ViewRecipe> recipes) const;
  /// The steps of the cycle that a step lies in, for what keeps a target network: no horizon beyond the cycle enters.
  Cycle cycle_of(const Step& step) const;
  /// Throws InputError if the recipe does not show every image twice at full size.
  void check_two_views() const;
  /// The task's backbone; a method may want other layers in it.
  virtual std::shared_ptr<Backbone> make_encoder(Random& random) const;
  /// Mean cross-entropy over the images that have a label; 0 if none has.
  static torch::Tensor labelled_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels);
  /// Features of more images (batch.local, another network's views) in the task's precision.
  torch::Tensor features_of(Backbone& network, const torch::Tensor& images) const;

 private:
  void check_strategies() const;
  Phase phase_of(int epoch) const;
  /// The two views of each image that efficient.candidates were drawn for; small views stay.
  void keep_unlike_views(Batch& batch) const;

  mutable int views_ = 2;  // of the step under way, that share batch.images
};

}  // namespace scant
