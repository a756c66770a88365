// A linear classifier trained by stochastic gradient descent on fixed features, as self-supervised papers report it.
#pragma once
#include <cstdint>
#include <vector>

#include "harness/learn/probe/logistic.hpp"

namespace scant {

struct LinearOptions {
  int epochs = 100, batch_size = 256;
  double momentum = 0.9;  // Nesterov's
  double weight_decay = 0;
};

/// One model for each of `rates`, all trained at once on the same batches: logits start at zero, mean cross-entropy,
/// SGD with Nesterov momentum (p -= lr (g + m v), v = m v + g), a cosine from the rate to 0 over all steps; the last
/// partial batch is kept and the last epoch's model taken. The order of an epoch is a function of (seed, epoch).
/// `features` N x D, `labels` N int64 in [0, classes); computed in the features' type on their device.
std::vector<LinearModel> fit_linear(const torch::Tensor& features, const torch::Tensor& labels, int classes,
                                    const std::vector<double>& rates, const LinearOptions& options, std::uint64_t seed);

}  // namespace scant
