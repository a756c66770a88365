// LAMB: Adam whose step is, tensor by tensor, as long as the weights. You et al., "Large Batch Optimization for Deep
// Learning: Training BERT in 76 Minutes", ICLR 2020.
#pragma once
#include <vector>

#include "harness/learn/adam.hpp"

namespace scant {

/// u = Adam's direction + wd*p; p -= lr |p|/|u| u, the ratio 1 where either norm is 0. Norms are taken in single
/// precision at least. A tensor that options spare has no decay and a ratio of 1. options.clip_norm bounds the
/// gradients' common norm first.
class Lamb : public Adam {
 public:
  using Adam::Adam;
  void step(double lr) override;
};

}  // namespace scant
