// Sinkhorn-Knopp iterations on logarithms.
#include "methods/parts/sinkhorn.hpp"

namespace scant {

torch::Tensor sinkhorn_codes(const torch::Tensor& scores, double epsilon, int iterations, Gather& gather) {
  const torch::NoGradGuard no_grad;
  torch::Tensor logarithms = scores.detach() / epsilon;
  for (int i = 0; i < iterations; ++i) {
    // The masses 1/K, 1/B and B cancel: what a column is scaled to is undone by the rows that follow.
    logarithms = logarithms - gather.rows(logarithms.logsumexp(0, true)).logsumexp(0, true);
    logarithms = logarithms - logarithms.logsumexp(1, true);
  }
  return logarithms.exp();
}

}  // namespace scant
