// Residual blocks with two selective-kernel branches, of which training keeps one a step: Sun et al., "Dual
// Selective Kernel Networks" (VIPriors challenge, ECCV 2020 workshops).
#pragma once
#include <vector>

#include "harness/learn/backbone.hpp"
#include "methods/parts/selective_kernel.hpp"

namespace scant {

/// Two branches A and B of the same shape and a shortcut, anti-aliased where it strides. In training one branch counts,
/// for the whole batch: A + shortcut or B + shortcut; in evaluation both with half weight.
///
/// The other branch runs too, for its batch statistics, but without autograd. Backward gives its parameters zero
/// gradients, so that weight decay and momentum move them as if the branch had been multiplied by zero.
class DualBlock : public Block {
 public:
  DualBlock(const BlockSpec& spec, const SelectiveOptions& options, Random& random, LayerMaker& maker);
  torch::Tensor forward(const torch::Tensor& x) override;
  torch::Tensor shortcut(const torch::Tensor& x);
  /// What the block makes of the branches' and the shortcut's sum.
  torch::Tensor finish(torch::Tensor sum) const;

  bool keep_first = true;  // which branch the next training forwards keep
  std::shared_ptr<Block> branch1, branch2;

 private:
  torch::Tensor kept_branch(const torch::Tensor& x);
  bool relu_;  // after the sum
  Layer project_, blur_, norm_;
};

/// A network of dual blocks and its heads.
class DualNetwork : public torch::nn::Module {
 public:
  /// Registers the backbone as "base".
  explicit DualNetwork(const std::shared_ptr<Backbone>& base);
  std::size_t blocks() const { return blocks_.size(); }
  /// One draw a block in the order of execution, repeated where there are fewer: 1 keeps the first branch, 0 the
  /// second.
  void keep(const std::vector<int>& draws);
  /// Whether the branches of the next training forward are chosen.
  bool chosen() const { return chosen_; }
  void forget() { chosen_ = false; }

 private:
  std::vector<std::shared_ptr<DualBlock>> blocks_;
  bool chosen_ = false;
};

/// Makes every residual block a DualBlock: 32 groups in the ResNet family, 8 in the others.
class DualMaker : public LayerMaker {
 public:
  std::shared_ptr<Block> block(const BlockSpec& spec, Random& random) override;
};

}  // namespace scant
