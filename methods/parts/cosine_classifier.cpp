// Cosine logits.
#include "methods/parts/cosine_classifier.hpp"

#include "harness/learn/backbone.hpp"
#include "methods/parts/projector.hpp"

namespace scant {

torch::Tensor cosine_logits(const torch::Tensor& embeddings, const torch::Tensor& weights, double temperature) {
  if (temperature <= 0) return at::linear(embeddings, weights);
  return at::linear(unit_rows(embeddings), unit_rows(weights)) / temperature;
}

torch::Tensor crop_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  namespace F = torch::nn::functional;
  const torch::Tensor all = labels.repeat({logits.size(0) / labels.size(0)});
  const auto sum = F::CrossEntropyFuncOptions().ignore_index(-1).reduction(torch::kSum);
  return F::cross_entropy(logits, all, sum) / all.ge(0).sum().clamp_min(1);
}

CosineClassifierImpl::CosineClassifierImpl(int dim, int classes, Random& random) {
  weight = register_parameter("weight", torch::empty({classes, dim}));
  fill_normal(weight, 0.02, random);
}

}  // namespace scant
