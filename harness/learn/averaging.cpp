// Moving averages of weights.
#include "harness/learn/averaging.hpp"

namespace scant {

void move_towards(const std::vector<torch::Tensor>& targets, const std::vector<torch::Tensor>& sources, double keep) {
  const torch::NoGradGuard no_grad;
  at::_foreach_mul_(targets, keep);
  at::_foreach_add_(targets, sources, 1 - keep);
}

}  // namespace scant
