// Networks that follow others: copies which no gradient moves, only the average over what the others were. He et al.,
// "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Keeps targets behind the networks they follow. Holds tensors by reference: modules may move to a device afterwards.
class Follower {
 public:
  /// Copies parameters and buffers of `online` into `target`, which has the same ones or, like a backbone without
  /// classifier, some of them, and takes the target's gradients away.
  void add(torch::nn::Module& online, torch::nn::Module& target);
  /// Parameters of every target become keep * themselves + (1 - keep) * what they follow; buffers are left alone, for
  /// normalisations of a target take their statistics from its own images.
  void move(double keep);

 private:
  std::vector<torch::Tensor> online_, target_;
};

}  // namespace scant
