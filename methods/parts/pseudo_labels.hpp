// Labels of images that have none, from a classifier that is sure enough.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

struct PseudoLabels {
  torch::Tensor probabilities;  // N x C
  torch::Tensor labels;         // N: the known ones, else the likeliest class, else -1
  torch::Tensor confident;      // N bool: known or sure enough
};

/// Logits N x C, known labels N (-1: unknown). `threshold`: the least probability of the likeliest class. No gradient.
PseudoLabels pseudo_labels(const torch::Tensor& logits, const torch::Tensor& known, double threshold);

/// Share of right labels among the images that are confident without being known; 0 without any. `truth` N.
torch::Tensor pseudo_accuracy(const PseudoLabels& pseudo, const torch::Tensor& known, const torch::Tensor& truth);

}  // namespace scant
