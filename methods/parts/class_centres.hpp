// The composite loss of dual selective-kernel networks: a positive-class loss, a cosine loss, and centres that the
// features of a class gather around.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// mean(-log sigmoid(z_y)) + mean(1 - z_y / ||z||): logits z N x C, labels N. The first term is the benchmark's reading
/// of the paper's positive-class loss.
torch::Tensor positive_class_loss(const torch::Tensor& logits, const torch::Tensor& labels);

/// One point a class in feature space, moved by its own plain gradient descent: Wen et al., "A Discriminative Feature
/// Learning Approach for Deep Face Recognition", ECCV 2016, with directions instead of positions.
class ClassCentres {
 public:
  static constexpr double rate = 0.5;
  ClassCentres() = default;
  /// Standard normal.
  ClassCentres(int classes, int dim, Random& random);
  /// mean over the batch of 2 - 2 cos(feature, centre of its class): features N x D, labels N.
  torch::Tensor loss(const torch::Tensor& features, const torch::Tensor& labels) const;
  /// After a backward of `weight` * loss: one step by the gradient of loss itself, which is used up.
  void step(double weight);

  torch::Tensor values;  // C x D, requires a gradient
};

}  // namespace scant
