// What the processes that share a training step tell each other. A process alone tells nobody anything.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// One rank's view of all ranks, and by itself the only rank of one. Every rank calls the same functions in the same
/// order, with tensors of the same shape.
class Gather {
 public:
  virtual ~Gather() = default;
  virtual int rank() const { return 0; }
  virtual int ranks() const { return 1; }
  /// Every rank's N x ..., rank after rank: ranks*N x .... Backward, `own` gets the sum over ranks of the gradients of
  /// its rows, so that a parameter's gradient, averaged over ranks, is that of the mean of the ranks' losses.
  virtual torch::Tensor rows(const torch::Tensor& own) { return own; }
  /// The sum over ranks, without gradient.
  virtual torch::Tensor sum(const torch::Tensor& own) { return own.detach(); }
};

/// The only rank of one.
Gather& alone();

}  // namespace scant
