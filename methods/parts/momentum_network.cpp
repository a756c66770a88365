// Copying and moving targets.
#include "methods/parts/momentum_network.hpp"

#include "harness/learn/averaging.hpp"

namespace scant {

void Follower::add(torch::nn::Module& online, torch::nn::Module& target) {
  const torch::NoGradGuard no_grad;
  const auto parameters = online.named_parameters(), buffers = online.named_buffers();
  for (auto& entry : target.named_buffers()) entry.value().copy_(buffers[entry.key()]);
  for (auto& entry : target.named_parameters()) {
    entry.value().copy_(parameters[entry.key()]);
    online_.push_back(parameters[entry.key()]);
    target_.push_back(entry.value().requires_grad_(false));
  }
}

void Follower::move(double keep) {
  move_towards(target_, online_, keep);
}

}  // namespace scant
