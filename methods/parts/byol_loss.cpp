// Regression of projections.
#include "methods/parts/byol_loss.hpp"

#include "methods/parts/projector.hpp"

namespace scant {

torch::Tensor regression_loss(const torch::Tensor& prediction, const torch::Tensor& target) {
  return (unit_rows(prediction) - unit_rows(target.detach())).square().sum(1);
}

torch::Tensor byol_loss(const std::vector<torch::Tensor>& predictions, const std::vector<torch::Tensor>& targets) {
  torch::Tensor sum = torch::zeros({}, predictions.front().options());
  for (std::size_t target = 0; target < targets.size(); ++target) {
    for (std::size_t view = 0; view < predictions.size(); ++view) {
      if (view != target) sum = sum + regression_loss(predictions[view], targets[target]).mean();
    }
  }
  return sum;
}

torch::Tensor negative_cosine_loss(const std::vector<torch::Tensor>& predictions,
                                   const std::vector<torch::Tensor>& targets) {
  return byol_loss(predictions, targets) / 4 - 1;
}

}  // namespace scant
