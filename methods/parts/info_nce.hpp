// InfoNCE with a queue: a query is to recognise its key among the keys of other images. He et al., "Momentum Contrast
// for Unsupervised Visual Representation Learning", CVPR 2020.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

struct InfoNceOptions {
  double temperature = 0.07;
  double margin = 0;  // taken off the cosine of a query and its own key
};

/// Unit rows queries and keys, N x dim; queue dim x K. N x (1 + K): the query's own key, then all of the queue in its
/// order, divided by the temperature.
torch::Tensor info_nce_logits(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& queue,
                              const InfoNceOptions& options);

/// Mean cross-entropy of N x M logits of which the first column is the right one.
torch::Tensor first_is_right(const torch::Tensor& logits);

}  // namespace scant
