// Prototypes: directions that images are assigned to, learned as a linear layer without bias whose rows have unit
// length.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

class PrototypesImpl : public torch::nn::Module {
 public:
  /// Rows uniform(+-1/sqrt(dim)), like a linear layer's.
  PrototypesImpl(int count, int dim, Random& random);
  /// Scales every row to unit length in place, without gradient. Before every forward pass: the optimiser moves rows
  /// off the sphere, and they are put back rather than differentiated through.
  void normalise();
  /// Unit embeddings N x dim to scores N x count. `frozen`: the prototypes get no gradient, so that an optimiser leaves
  /// them alone.
  torch::Tensor scores(const torch::Tensor& embeddings, bool frozen = false) const;

  torch::Tensor weight;  // count x dim
};
TORCH_MODULE(Prototypes);

}  // namespace scant
