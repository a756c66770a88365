// SGD with momentum and coupled weight decay, and the cosine schedule as a pure function of the step.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// lr0/2 * (1 + cos(pi t / total)), t = 0..total-1.
double cosine_rate(double lr0, std::int64_t step, std::int64_t total);

struct SgdOptions {
  double weight_decay = 0, momentum = 0.9;
};

/// g += wd*p; buf = g at a tensor's first step, else momentum*buf + g; p -= lr*buf. Tensors without a gradient are
/// skipped, decay included.
class Sgd {
 public:
  Sgd(std::vector<torch::Tensor> parameters, SgdOptions options);
  void zero_grad();
  void step(double lr);
  /// Momentum buffers, one per parameter, allocated at once so that a checkpoint has a fixed set of tensors; and which
  /// have been used (N uint8).
  std::vector<torch::Tensor>& buffers() { return buffers_; }
  torch::Tensor& started() { return started_; }

 private:
  std::vector<torch::Tensor> parameters_, buffers_;
  torch::Tensor started_;
  SgdOptions options_;
};

}  // namespace scant
