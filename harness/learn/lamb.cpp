// LAMB.
#include "harness/learn/lamb.hpp"

namespace scant {

void Lamb::step(double lr) {
  const torch::NoGradGuard no_grad;
  if (options().clip_norm > 0) clip_gradients(options().clip_norm, /*epsilon=*/0);
  for (const bool spared : {false, true}) {
    const Group own = group(spared);
    if (own.places.empty()) continue;
    std::vector<torch::Tensor> way = advance(own, options().epsilon.value_or(1e-6));
    if (!spared) {
      if (options().weight_decay != 0) at::_foreach_add_(way, own.parameters, options().weight_decay);
      const torch::Tensor w = norms_of(own.parameters), u = norms_of(way), ratio = w / u;
      at::_foreach_mul_(way, torch::where((w > 0) & (u > 0), ratio, torch::ones_like(ratio)).unbind());
    }
    at::_foreach_add_(own.parameters, way, -lr);
  }
}

}  // namespace scant
