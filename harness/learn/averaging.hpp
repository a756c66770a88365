// Weights that follow other weights: exponential moving averages, and the mean over the last stretch of training.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/learn/state.hpp"

namespace scant {

/// target = keep * target + (1 - keep) * source, tensor by tensor, outside of autograd: what moves target, key and
/// teacher networks. `keep` is usually constant or cosine_between(tau, 1, step, steps), Grill et al., "Bootstrap Your
/// Own Latent", NeurIPS 2020.
void move_towards(const std::vector<torch::Tensor>& targets, const std::vector<torch::Tensor>& sources, double keep);

/// The mean of the weights that training passes through: Izmailov et al., "Averaging Weights Leads to Wider Optima and
/// Better Generalization", UAI 2018. Normalisations need reestimate_statistics afterwards.
class WeightAverage {
 public:
  explicit WeightAverage(std::vector<torch::Tensor> weights);
  /// Takes the weights in as they are now.
  void take();
  /// Puts the mean in place of the weights, which stay as they are if none were taken.
  void replace();
  /// The mean and how many were taken, by reference.
  State state();

 private:
  std::vector<torch::Tensor> weights_, mean_;
  torch::Tensor taken_ = torch::zeros({1}, torch::kInt64);  // on the host
};

/// Calls forward(0) ... forward(batches - 1), each of which runs `network` in training mode. Afterwards the running
/// statistics of its torch::nn::BatchNorm1d and 2d modules are the means of these batches' statistics.
void reestimate_statistics(torch::nn::Module& network, std::int64_t batches,
                           const std::function<void(std::int64_t batch)>& forward);

}  // namespace scant
