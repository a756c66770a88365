// Multinomial logistic regression on fixed features, to the optimum.
#pragma once
#include <vector>

#include "harness/learn/probe/lbfgs.hpp"

namespace scant {

/// A linear classifier: logits = features weight^T + bias.
struct LinearModel {
  torch::Tensor weight, bias;  // K x D, K
  torch::Tensor logits(const torch::Tensor& features) const;
};

struct LogisticFit {
  LinearModel model;     // float64; the bias sums to zero
  double objective = 0;  // |W|^2 / 2 + C * sum of the cross-entropies
  int iterations = 0;
  bool converged = false;
};

/// Minimises |W|^2 / 2 + C * sum over images of the cross-entropy; the bias is free. `features` N x D and `labels` N
/// int64 in [0, classes) on any device; computed in float64 on the CPU. `start` may hold a model to go on from.
/// `gradient_tolerance` is of the objective divided by C N, the mean loss.
LogisticFit fit_logistic(const torch::Tensor& features, const torch::Tensor& labels, int classes, double c,
                         const LbfgsOptions& options = {}, const LinearModel& start = {});

/// `count` values from `low` to `high`, both included, evenly spaced on a logarithmic scale; only `low` where count is
/// 1.
std::vector<double> log_spaced(double low, double high, int count);

}  // namespace scant
