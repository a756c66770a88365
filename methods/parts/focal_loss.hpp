// The losses of auxiliary learning and the soft labels they compare with: Navon et al., "Auxiliary Learning by Implicit
// Differentiation", ICLR 2021.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// sum_k -t_k (1 - p_k)^2 log(p_k + 1e-12) of every row: probabilities and targets N x K -> N. Targets may carry a
/// gradient.
torch::Tensor focal_loss(const torch::Tensor& probabilities, const torch::Tensor& targets);

/// The same from logits N x K against labels N int64.
torch::Tensor focal_loss_of_logits(const torch::Tensor& logits, const torch::Tensor& labels);

/// Softmax over the `per_class` auxiliary classes of a row's own class, which are neighbours: raw N x (C per_class),
/// labels N int64 -> N x (C per_class). The others keep a weight of 1e-8.
torch::Tensor masked_softmax(const torch::Tensor& raw, const torch::Tensor& labels, std::int64_t per_class);

}  // namespace scant
