// InfoNCE's logits and loss.
#include "methods/parts/info_nce.hpp"

namespace scant {

torch::Tensor info_nce_logits(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& queue,
                              const InfoNceOptions& options) {
  const torch::Tensor own = (queries * keys).sum(1, true) - options.margin;
  return torch::cat({own, queries.matmul(queue)}, 1) / options.temperature;
}

torch::Tensor first_is_right(const torch::Tensor& logits) {
  const torch::Tensor first =
      torch::zeros({logits.size(0)}, torch::TensorOptions(torch::kInt64).device(logits.device()));
  return torch::nn::functional::cross_entropy(logits, first);
}

}  // namespace scant
