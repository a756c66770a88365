// SGD with momentum, with or without Nesterov's look-ahead, and coupled weight decay.
#pragma once
#include <vector>

#include "harness/learn/optimiser.hpp"

namespace scant {

/// g += wd*p; buf = momentum*buf + g, from buf = 0; p -= lr*buf, with nesterov p -= lr*(g + momentum*buf).
class Sgd : public Optimiser {
 public:
  Sgd(std::vector<NamedParameter> parameters, const OptimiserOptions& options);
  Sgd(const std::vector<torch::Tensor>& parameters, const OptimiserOptions& options)
      : Sgd(unnamed(parameters), options) {}
  void step(double lr) override;
  State state() override;
  /// Momentum buffers, one a parameter.
  std::vector<torch::Tensor>& buffers() { return buffers_; }

 protected:
  /// Takes a group's gradients into its buffers and returns the way to go: the buffers themselves, or what looks ahead.
  std::vector<torch::Tensor> advance(const Group& group);

 private:
  std::vector<torch::Tensor> buffers_;
};

}  // namespace scant
