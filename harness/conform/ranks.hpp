// Several ranks in one process: a thread for each, which meet at every exchange. What a step computes on many devices
// is checked on one machine with it.
#pragma once
#include <functional>

#include "methods/parts/gather.hpp"

namespace scant {

/// Runs `work` once for every rank, side by side, gradients included: backward passes meet as forward ones do, so every
/// rank must take one. Throws what the first rank that failed threw.
void run_ranks(int ranks, const std::function<void(Gather&)>& work);

}  // namespace scant
