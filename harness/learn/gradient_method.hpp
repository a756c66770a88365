// The shared training loop: SGD with momentum 0.9, coupled weight decay and a per-iteration cosine schedule (specs: gem
// (d)). A method overrides what it changes.
#pragma once
#include <memory>
#include <vector>

#include "harness/learn/backbone.hpp"
#include "harness/learn/method.hpp"
#include "harness/learn/sgd.hpp"

namespace scant {

/// A Method trained by gradient descent. Subclasses override build_network() and loss(); the rest is here.
class GradientMethod : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("lr", lr, "initial learning rate of the cosine schedule", Interval{0, 1e3}, log_uniform(1e-4, 0.1));
    p("weight_decay", weight_decay, "coupled L2 decay of every trainable tensor", Interval{0, 1e3},
      log_uniform(1e-5, 0.1));
    p("batch_size", batch_size, "images a step; the last partial batch is kept", Interval{1, 65536},
      choice({10, 25, 50}));
    p("momentum", momentum, "SGD momentum, no Nesterov", Interval{0, 1});
  }
  double lr = 0.01, weight_decay = 0.001, momentum = 0.9;
  int batch_size = 10;

  void build(const Task& task) final;
  void fit(FitContext& context) final;
  torch::Tensor predict(const torch::Tensor& images) final;
  torch::Tensor embed(const torch::Tensor& images) override;
  State state() final;

  /// The network, heads included; conformance reads and fills its tensors in registration order.
  torch::nn::Module& network() { return *network_; }
  /// Logits of the network in its current mode (training or evaluation): what predict ranks by.
  virtual torch::Tensor scores(const torch::Tensor& images);
  /// All outputs of the network in its reference's order, e.g. {logits, normalised embedding}. Default: {scores}.
  virtual std::vector<torch::Tensor> outputs(const torch::Tensor& images) { return {scores(images)}; }
  /// Scalar loss from outputs(batch.images). Default: mean cross-entropy of the first.
  virtual torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels);
  /// After every optimiser step.
  virtual void after_step() {}

  const Task& task() const { return *task_; }

 protected:
  /// Builds backbone_ and heads, registers them under root(); default: the plain backbone. `random` is the "init"
  /// stream.
  virtual std::shared_ptr<torch::nn::Module> build_network(Random& random);
  std::shared_ptr<Backbone> backbone_;

 private:
  std::unique_ptr<Task> task_;
  std::shared_ptr<torch::nn::Module> network_;
  std::unique_ptr<Sgd> optimiser_;
  std::int64_t step_ = 0;  // optimiser steps so far: the schedule's t
};

}  // namespace scant
