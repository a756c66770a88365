// Named tensors: what checkpoints hold.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Named tensors, in a fixed order: parameters, buffers, optimiser state.
using State = std::vector<std::pair<std::string, torch::Tensor>>;

}  // namespace scant
