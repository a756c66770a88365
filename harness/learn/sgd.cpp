// SGD with momentum and coupled weight decay.
#include "harness/learn/sgd.hpp"

#include <fmt/format.h>

namespace scant {

// A zero buffer makes the first step's momentum*buf + g exactly g.
Sgd::Sgd(std::vector<NamedParameter> parameters, const OptimiserOptions& options)
    : Optimiser(std::move(parameters), options), buffers_(zeros()) {}

std::vector<torch::Tensor> Sgd::advance(const Group& group) {
  std::vector<torch::Tensor> buffers = of_group(group, buffers_);
  at::_foreach_mul_(buffers, options().momentum);
  at::_foreach_add_(buffers, group.gradients, 1);
  return options().nesterov ? at::_foreach_add(group.gradients, buffers, options().momentum) : buffers;
}

void Sgd::step(double lr) {
  const torch::NoGradGuard no_grad;
  for (const bool spared : {false, true}) {
    const Group own = group(spared);
    if (own.places.empty()) continue;
    const double decay = spared ? 0 : options().weight_decay;
    if (decay != 0) at::_foreach_add_(own.gradients, own.parameters, decay);
    at::_foreach_add_(own.parameters, advance(own), -lr);
  }
}

State Sgd::state() {
  State state;
  for (std::size_t i = 0; i < buffers_.size(); ++i) state.emplace_back(fmt::format("momentum.{}", i), buffers_[i]);
  return state;
}

}  // namespace scant
