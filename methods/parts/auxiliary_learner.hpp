// A network that learns two tasks at once, and the network and the loss that make the second one up: Navon et al.,
// "Auxiliary Learning by Implicit Differentiation", ICLR 2021.
#pragma once
#include <memory>
#include <vector>

#include "harness/learn/layer.hpp"
#include "harness/learn/sgd.hpp"
#include "methods/parts/hypergradient.hpp"
#include "methods/parts/loss_combiner.hpp"

namespace scant {

/// Linear layers with ReLU between them, registered as "0", "2", "4", ...
class HeadImpl : public torch::nn::Module {
 public:
  /// widths: from the input's to the output's.
  HeadImpl(const std::vector<int>& widths, Random& random);
  torch::Tensor forward(torch::Tensor x);

 private:
  std::vector<torch::nn::Linear> layers_;
};
TORCH_MODULE(Head);

/// Main network, label generator and loss combiner. Tensors: main_net.{main_net, classifier1, classifier2},
/// gen_net.{aux_net, classifier1}, comb_net.
class AuxiliaryLearner : public torch::nn::Module {
 public:
  struct Parts {
    Layer trunk, main_head, auxiliary_head;  // images -> N x D -> N x C and N x (C A)
    Layer generator_trunk, generator_head;   // images -> N x D -> N x (C A)
    std::shared_ptr<LossCombiner> combiner;
    int per_class = 5;              // A: auxiliary classes of every class
    double auxiliary_scale = 0.25;  // of the auxiliary loss
  };
  explicit AuxiliaryLearner(Parts parts);

  /// {logits N x C, probabilities of the auxiliary classes N x (C A)}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images);
  /// The generator's targets for the auxiliary head, N x (C A).
  torch::Tensor soft_labels(const torch::Tensor& images, const torch::Tensor& labels);
  /// Main and scaled auxiliary loss of every image, N x 2.
  torch::Tensor losses(const std::vector<torch::Tensor>& outputs, const torch::Tensor& soft_labels,
                       const torch::Tensor& labels) const;
  torch::Tensor combined(const torch::Tensor& losses) { return parts_.combiner->forward(losses); }

  struct Images {
    torch::Tensor images, labels;
  };
  struct HyperGradient {
    torch::Tensor held_out_loss, training_loss;  // scalars
    std::vector<torch::Tensor> gradients;        // of outer(), their common norm at most 50
  };
  /// How the main loss on `held_out` images depends on generator and combiner, through a training step on `training`.
  /// Networks run in their current mode.
  HyperGradient hyper_gradient(const Images& held_out, const Images& training, const NeumannSeries& series);
  /// One step of generator and combiner.
  void update(const HyperGradient& gradient, Sgd& optimiser, double lr);

  std::vector<torch::Tensor> main_parameters() const;
  /// Of generator and combiner.
  std::vector<torch::Tensor> outer() const;
  torch::nn::Module& generator() { return *gen_net_; }
  LossCombiner& combiner() { return *parts_.combiner; }

 private:
  Parts parts_;
  std::shared_ptr<torch::nn::Module> main_net_, gen_net_;
};

/// While it lives, tensors want no gradient: what is computed from them ends there.
class Frozen {
 public:
  explicit Frozen(std::vector<torch::Tensor> tensors);
  ~Frozen();
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  std::vector<torch::Tensor> tensors_;
};

/// Images kept apart for hyper-steps: max(ceil(share * n), classes).
std::int64_t auxiliary_set_size(std::int64_t n, int classes, double share);

}  // namespace scant
