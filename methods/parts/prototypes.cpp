// Prototypes and their scores.
#include "methods/parts/prototypes.hpp"

#include <cmath>

#include "harness/learn/backbone.hpp"
#include "methods/parts/projector.hpp"

namespace scant {

PrototypesImpl::PrototypesImpl(int count, int dim, Random& random) {
  weight = register_parameter("weight", torch::empty({count, dim}));
  fill_uniform(weight, 1.0 / std::sqrt(dim), random);
}

void PrototypesImpl::normalise() {
  const torch::NoGradGuard no_grad;
  weight.copy_(unit_rows(weight));
}

torch::Tensor PrototypesImpl::scores(const torch::Tensor& embeddings, bool frozen) const {
  return at::linear(embeddings, frozen ? weight.detach() : weight);
}

}  // namespace scant
