// Networks that follow another one: an exponential moving average of its weights.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// target = keep * target + (1 - keep) * source, tensor by tensor, outside of autograd: what moves target, key and
/// teacher networks. `keep` is usually constant or cosine_between(tau, 1, step, steps), Grill et al., "Bootstrap Your
/// Own Latent", NeurIPS 2020.
void move_towards(const std::vector<torch::Tensor>& targets, const std::vector<torch::Tensor>& sources, double keep);

}  // namespace scant
