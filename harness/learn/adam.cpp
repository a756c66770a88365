// Adam and AdamW.
#include "harness/learn/adam.hpp"

#include <fmt/format.h>

#include <cmath>

namespace scant {

Adam::Adam(std::vector<NamedParameter> parameters, const OptimiserOptions& options)
    : Optimiser(std::move(parameters), options),
      first_(zeros()),
      second_(zeros()),
      steps_(torch::zeros({static_cast<std::int64_t>(size())}, torch::kInt64)) {}

std::vector<torch::Tensor> Adam::advance(const Group& group, double epsilon) {
  const double beta1 = options().beta1, beta2 = options().beta2;
  const std::vector<torch::Tensor> first = of_group(group, first_), second = of_group(group, second_);
  at::_foreach_mul_(first, beta1);
  at::_foreach_add_(first, group.gradients, 1 - beta1);
  at::_foreach_mul_(second, beta2);
  at::_foreach_addcmul_(second, group.gradients, group.gradients, 1 - beta2);

  std::vector<at::Scalar> of_first, of_second;  // what the moments' start at 0 leaves of them
  auto* steps = steps_.data_ptr<std::int64_t>();
  for (const std::size_t place : group.places) {
    const auto step = static_cast<double>(++steps[place]);
    of_first.emplace_back(1 - std::pow(beta1, step));
    of_second.emplace_back(std::sqrt(1 - std::pow(beta2, step)));
  }
  const std::vector<torch::Tensor> below = at::_foreach_sqrt(second);
  at::_foreach_div_(below, of_second);
  at::_foreach_add_(below, epsilon);
  const std::vector<torch::Tensor> way = at::_foreach_div(first, of_first);
  at::_foreach_div_(way, below);
  return way;
}

void Adam::step(double lr) {
  const torch::NoGradGuard no_grad;
  for (const bool spared : {false, true}) {
    const Group own = group(spared);
    if (own.places.empty()) continue;
    const double decay = spared ? 0 : options().weight_decay;
    if (decay != 0 && options().kind == "adam") at::_foreach_add_(own.gradients, own.parameters, decay);
    if (decay != 0 && options().kind == "adamw") at::_foreach_mul_(own.parameters, 1 - lr * decay);
    at::_foreach_add_(own.parameters, advance(own, options().epsilon.value_or(1e-8)), -lr);
  }
}

State Adam::state() {
  State state;
  for (std::size_t i = 0; i < size(); ++i) {
    state.emplace_back(fmt::format("first_moment.{}", i), first_[i]);
    state.emplace_back(fmt::format("second_moment.{}", i), second_[i]);
  }
  state.emplace_back("steps", steps_);
  return state;
}

}  // namespace scant
