// The shared training loop: unless a method says otherwise SGD with momentum 0.9, coupled weight decay and a
// per-iteration cosine schedule (specs: gem (d)). A method overrides what it changes.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "harness/learn/averaging.hpp"
#include "harness/learn/backbone.hpp"
#include "harness/learn/method.hpp"
#include "harness/learn/optimiser.hpp"
#include "harness/learn/schedule.hpp"

namespace scant {

/// A stretch of training with one network and one cosine schedule; most methods have one, from the first epoch to the
/// last.
struct Phase {
  int begin = 0, end = 0;      // epochs [begin, end)
  double lr = 0;               // of its schedule's first step
  bool whole_batches = false;  // the last, partial batch of an epoch is left out
};

/// Where training stands when a step has been taken.
struct Step {
  const Samples& train;
  int epoch = 0;            // 0-based
  std::int64_t number = 0;  // steps before it within its phase
  std::int64_t total = 0;   // steps of the phase
};

/// A Method trained by gradient descent. Subclasses override build_network(), outputs() and loss(); the rest is here.
/// A subclass with parameters of its own calls GradientMethod::visit(p) first in its `visit`.
class GradientMethod : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("lr", lr, "initial learning rate of the cosine schedule", Interval{0, 1e3}, log_uniform(1e-4, 0.1));
    p("weight_decay", weight_decay, "coupled L2 decay of every trainable tensor", Interval{0, 1e3},
      log_uniform(1e-5, 0.1));
    p("batch_size", batch_size, "images a step; the last partial batch is kept", Interval{1, 65536}, batch_sizes);
    p("momentum", momentum, "SGD momentum, no Nesterov", Interval{0, 1});
    p("clip_norm", clip_norm, "gradients are scaled down to this norm over all tensors; 0 never", Interval{0, 1e6});
    p("accumulation", accumulation, "parts that a batch is computed in, one after the other, to save memory",
      Interval{1, 65536});
    p("averaged_epochs", averaged_epochs, "last epochs after each of which the weights enter a mean, the trained model",
      Interval{0, 1 << 20});
  }
  double lr = 0.01, weight_decay = 0.001, momentum = 0.9, clip_norm = 0;
  int batch_size = 10, accumulation = 1, averaged_epochs = 0;
  Space batch_sizes = choice({10, 25, 50});  // what a search draws batch_size from

  void build(const Task& task) final;
  /// Throws TrialFailure if an epoch's mean loss is not finite, or if a batch has too few images for the method.
  void fit(FitContext& context) final;
  torch::Tensor predict(const torch::Tensor& images) final;
  /// Default: scores are logits, as the default loss takes them. A method with another loss overrides both.
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override;
  /// The backbone's features, N x D.
  torch::Tensor embed(const torch::Tensor& images) override;
  /// Tensors of the network and of the optimiser. A method that keeps more adds it behind.
  State state() override;

  /// The network, heads included; conformance reads and fills its tensors in registration order.
  torch::nn::Module& network() { return *network_; }
  Backbone* encoder() override { return backbone_.get(); }
  /// All outputs of the network in its current mode (training or evaluation), in its reference's order; the first is
  /// N x K and what predict ranks by. Default: {logits}.
  virtual std::vector<torch::Tensor> outputs(const torch::Tensor& images);
  /// Scalar loss from outputs(images), which are never of less than single precision. Default: mean cross-entropy of
  /// the first.
  virtual torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels);
  /// The loss of one training step, with the images at hand; default: loss(outputs, batch.labels).
  virtual torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs);
  /// After every optimiser step.
  virtual void after_step(const Step&) {}
  /// Positions (0-based in `train`, ascending) that the shared loop trains on; default: all.
  virtual std::vector<std::int64_t> trained_on(const Samples& train) const;
  /// The images of one step. A method that wants several views of an image stacks them along dimension 0; labels stay
  /// one an image. Default: one augmented view.
  virtual Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const;
  /// Default: one phase. Phases follow each other without gaps from epoch 0 to the trial's last.
  virtual std::vector<Phase> phases() const;
  /// Before the first step of a phase, also of the first. What it does must follow from state() alone, for a restored
  /// trial enters phases like any other.
  virtual void enter_phase(std::size_t) {}
  /// What the optimiser moves; default: every tensor of the network that requires a gradient.
  virtual std::vector<torch::Tensor> trainable();
  /// What the embedding looks like now, by name; called after every epoch. Default: nothing is watched.
  virtual std::map<std::string, double> diagnose(const Samples&) { return {}; }
  /// How it moves them; default: SGD with the method's momentum and weight decay.
  virtual OptimiserOptions optimiser_options() const;
  /// The learning rate of a step; default: a cosine from the phase's rate to zero.
  virtual double rate(const Phase& phase, const Step& step) const;
  /// Images without which the method cannot compute a training step, e.g. 2 where it normalises vectors over the batch.
  virtual int smallest_batch() const { return 1; }
  /// Whether accumulation may compute a step in parts. Not where training_loss compares the batch's images with each
  /// other or keeps something for after_step.
  virtual bool takes_parts() const { return true; }

  const Task& task() const { return *task_; }
  Optimiser& optimiser() { return *optimiser_; }

 protected:
  /// Builds backbone_ and returns the module that holds it and the heads; default: the plain backbone itself. `random`
  /// is the "init" stream.
  virtual std::shared_ptr<torch::nn::Module> build_network(Random& random);
  /// The backbone that the task names.
  BackboneSpec backbone_spec() const;
  std::shared_ptr<Backbone> backbone_;

 private:
  struct EpochSums;
  void check_batches(const Samples& train) const;
  std::vector<std::int64_t> order_of(const Samples& train, int epoch) const;
  void settle_on_average(const Samples& train);
  std::vector<NamedParameter> named_trainable();
  bool train_epoch(FitContext& context, const Phase& phase, int epoch, EpochSums& sums);
  /// Draws positions and adds the gradients of their loss, `share` times, to those that are there.
  void add_gradients(FitContext& context, const std::vector<std::int64_t>& positions, int epoch, double share,
                     EpochSums& sums);

  std::unique_ptr<Task> task_;
  std::shared_ptr<torch::nn::Module> network_;
  std::unique_ptr<Optimiser> optimiser_;
  std::unique_ptr<WeightAverage> average_;  // where averaged_epochs asks for one
  bool bfloat16_ = false;
};

/// Every parameter and buffer of a module by reference, named as in the reference's state dictionary and in its order:
/// a module's parameters, its buffers, then its children as registered.
State module_state(torch::nn::Module& module);

}  // namespace scant
