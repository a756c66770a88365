// What moves a network's tensors along their gradients: options, interface and factory of all families of optimisers.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/learn/state.hpp"

namespace scant {

struct NamedParameter {
  std::string name;
  torch::Tensor tensor;
};

/// What a kind has no use for it ignores.
struct OptimiserOptions {
  std::string kind = "sgd";            // one of optimiser_kinds()
  double weight_decay = 0;             // coupled (part of the gradient), but decoupled in adamw and lamb
  double momentum = 0.9;               // sgd and the kinds of LARS
  bool nesterov = false;               // likewise
  double beta1 = 0.9;                  // adam, adamw, lamb: of the running mean of gradients
  double beta2 = 0.999;                // likewise: of their squares
  std::optional<double> epsilon = {};  // added to denominators; default: 1e-6 in lamb, 1e-8 elsewhere
  double trust = 0.001;                // kinds of LARS: step length over weight length at a rate of 1
  bool trust_clip = false;             // larc, lars-lightly: no tensor moves faster than plain SGD would move it
  double clip_norm = 0;                // lamb: gradients are first scaled down to this norm over all tensors; 0: never
  bool spare_vectors = false;          // tensors of one dimension (biases, normalisation): see spare
  /// Names of tensors that get neither decay nor, in LARS and LAMB, a trust ratio of their own.
  std::function<bool(const std::string& name)> spare = {};
};

/// Names that OptimiserOptions::kind knows, in alphabetical order.
std::vector<std::string> optimiser_kinds();

/// Moves tensors. No step waits for the device. State is allocated at construction, so that a checkpoint has a fixed
/// set of tensors.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  Optimiser(const Optimiser&) = delete;
  Optimiser& operator=(const Optimiser&) = delete;

  /// Removes the gradients: a tensor that the next backward does not reach has none.
  void zero_grad();
  /// Scales all gradients by min(1, max_norm / (norm + epsilon)), norm being that of all of them together: Pascanu,
  /// Mikolov & Bengio, "On the Difficulty of Training Recurrent Neural Networks", ICML 2013, in torch's form.
  void clip_gradients(double max_norm, double epsilon = 1e-6);
  /// One step at a learning rate. Tensors without a gradient are skipped, decay included. Uses up the gradients.
  virtual void step(double lr) = 0;
  /// Every tensor needed to go on exactly, by reference.
  virtual State state() = 0;

 protected:
  Optimiser(std::vector<NamedParameter> parameters, OptimiserOptions options);

  /// Tensors that have a gradient, and their places among all.
  struct Group {
    std::vector<std::size_t> places;
    std::vector<torch::Tensor> parameters, gradients;
  };
  /// Either those that options spare, or all others. All of a group go through one multi-tensor operation each, which
  /// on a GPU is one kernel for many tensors.
  Group group(bool spared) const;
  /// The tensors of `all`, one a parameter, that belong to a group.
  static std::vector<torch::Tensor> of_group(const Group& group, const std::vector<torch::Tensor>& all);
  /// Zeros, one tensor a parameter.
  std::vector<torch::Tensor> zeros() const;
  std::size_t size() const { return parameters_.size(); }
  const OptimiserOptions& options() const { return options_; }

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<bool> spared_;
  OptimiserOptions options_;
};

/// Throws InputError for a kind that there is not.
std::unique_ptr<Optimiser> make_optimiser(std::vector<NamedParameter> parameters, const OptimiserOptions& options);

/// Names of tensors that matter to no one: what Optimiser takes, from tensors alone.
std::vector<NamedParameter> unnamed(const std::vector<torch::Tensor>& tensors);

/// Euclidean norms, one a tensor, as a vector on their device, in single precision at least.
torch::Tensor norms_of(const std::vector<torch::Tensor>& tensors);

}  // namespace scant
