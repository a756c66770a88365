// The composite loss of dual selective-kernel networks.
#include "methods/parts/class_centres.hpp"

#include "harness/learn/backbone.hpp"
#include "harness/learn/probe/feature_norm.hpp"  // unit_rows

namespace scant {

torch::Tensor positive_class_loss(const torch::Tensor& logits, const torch::Tensor& labels) {
  const torch::Tensor of_class = labels.unsqueeze(1);
  return (1 - unit_rows(logits).gather(1, of_class) - at::log_sigmoid(logits.gather(1, of_class))).mean();
}

ClassCentres::ClassCentres(int classes, int dim, Random& random) : values(torch::empty({classes, dim})) {
  fill_normal(values, 1, random);
  values.requires_grad_(true);
}

torch::Tensor ClassCentres::loss(const torch::Tensor& features, const torch::Tensor& labels) const {
  const torch::Tensor cosine = (unit_rows(features) * unit_rows(values.index_select(0, labels))).sum(1);
  return (2 - 2 * cosine).clamp(1e-12, 1e12).mean();
}

void ClassCentres::step(double weight) {
  const torch::NoGradGuard no_grad;
  if (!values.grad().defined()) return;
  values.sub_(values.grad(), rate / weight);
  values.mutable_grad().reset();
}

}  // namespace scant
