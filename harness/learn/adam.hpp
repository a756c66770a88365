// Adam, and AdamW, whose decay does not go through the moments.
#pragma once
#include <vector>

#include "harness/learn/optimiser.hpp"

namespace scant {

/// m = beta1 m + (1-beta1) g; v = beta2 v + (1-beta2) g^2; p -= lr m' / (sqrt(v') + epsilon), m' and v' without the
/// bias of their start at 0. Kind "adam": g += wd*p first; Kingma & Ba, "Adam: A Method for Stochastic Optimization",
/// ICLR 2015. Kind "adamw": p *= 1 - lr*wd first; Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR
/// 2019.
class Adam : public Optimiser {
 public:
  Adam(std::vector<NamedParameter> parameters, const OptimiserOptions& options);
  void step(double lr) override;
  State state() override;

 protected:
  /// Takes a group's gradients into its moments; returns m' / (sqrt(v') + epsilon).
  std::vector<torch::Tensor> advance(const Group& group, double epsilon);

 private:
  std::vector<torch::Tensor> first_, second_;
  // Per tensor, for not every step reaches all; on the host, where the corrections are computed.
  torch::Tensor steps_;
};

}  // namespace scant
