// Cosine losses on one-hot targets.
#include "methods/parts/cosine_loss.hpp"

#include "harness/learn/backbone.hpp"

namespace scant {

torch::Tensor normalised_rows(const torch::Tensor& embeddings) {
  return embeddings / at::linalg_vector_norm(embeddings, 2, at::IntArrayRef{1}, true);
}

torch::Tensor cosine_loss(const torch::Tensor& normalised, const torch::Tensor& labels, Reduction reduction) {
  const torch::Tensor losses = 1 - normalised.gather(1, labels.unsqueeze(1));
  return reduction == Reduction::mean ? losses.mean() : losses.sum();
}

torch::Tensor cosine_xent_loss(const torch::Tensor& logits, const torch::Tensor& normalised,
                               const torch::Tensor& labels, double weight) {
  return cosine_loss(normalised, labels) + weight * torch::nn::functional::cross_entropy(logits, labels);
}

CosineXentHeadImpl::CosineXentHeadImpl(std::shared_ptr<torch::nn::Module> base, int classes, Random& random) {
  if (base) register_module("base", std::move(base));
  bn = register_module("bn", torch::nn::BatchNorm1d(classes));
  fc = register_module("fc", make_linear(classes, classes, random));
}

CosineXentHeadImpl::Result CosineXentHeadImpl::forward(const torch::Tensor& embeddings) {
  const torch::Tensor z = normalised_rows(embeddings);
  return {watched(*fc, fc->forward(bn->forward(z.relu()))), z};
}

}  // namespace scant
