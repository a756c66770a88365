// The loss of methods without negatives: predictions of one view's projection from the other view. Grill et al.,
// "Bootstrap Your Own Latent", NeurIPS 2020; as a cosine: Chen & He, "Exploring Simple Siamese Representation
// Learning", CVPR 2021.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Squared distance of unit rows, 2 - 2 cos, one a row of N x D: 0..4. No gradient reaches the target.
torch::Tensor regression_loss(const torch::Tensor& prediction, const torch::Tensor& target);

/// Predictions of every view, targets of the first ones. The sum over targets t and predictions of other views than t
/// of the mean regression loss; with two of each the paper's symmetric loss, 0..8.
torch::Tensor byol_loss(const std::vector<torch::Tensor>& predictions, const std::vector<torch::Tensor>& targets);

/// The same for two views as SimSiam counts it: minus the mean cosine, -1..1. A quarter of byol_loss, less 1.
torch::Tensor negative_cosine_loss(const std::vector<torch::Tensor>& predictions,
                                   const std::vector<torch::Tensor>& targets);

}  // namespace scant
