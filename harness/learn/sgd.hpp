// SGD with momentum and coupled weight decay, and the cosine schedule as a pure function of the step.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// lr0/2 * (1 + cos(pi t / total)), t = 0..total-1: Loshchilov & Hutter, "SGDR", ICLR 2017, without restarts.
double cosine_rate(double lr0, std::int64_t step, std::int64_t total);

struct SgdOptions {
  double weight_decay = 0, momentum = 0.9;
};

/// g += wd*p; buf = momentum*buf + g, from buf = 0; p -= lr*buf. Tensors without a gradient are skipped, decay
/// included. All tensors go through one multi-tensor operation each, which on a GPU is one kernel for all of them.
class Sgd {
 public:
  Sgd(std::vector<torch::Tensor> parameters, SgdOptions options);
  /// Removes the gradients: a tensor that the next backward does not reach has none.
  void zero_grad();
  /// Uses up the gradients.
  void step(double lr);
  /// Momentum buffers, one per parameter, allocated at once so that a checkpoint has a fixed set of tensors.
  std::vector<torch::Tensor>& buffers() { return buffers_; }

 private:
  std::vector<torch::Tensor> parameters_, buffers_;
  SgdOptions options_;
};

}  // namespace scant
