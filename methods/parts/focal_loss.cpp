// The losses of auxiliary learning and the soft labels they compare with.
#include "methods/parts/focal_loss.hpp"

#include <tuple>

namespace scant {

torch::Tensor focal_loss(const torch::Tensor& probabilities, const torch::Tensor& targets) {
  return -(targets * (1 - probabilities).square() * (probabilities + 1e-12).log()).sum(1);
}

torch::Tensor focal_loss_of_logits(const torch::Tensor& logits, const torch::Tensor& labels) {
  const torch::Tensor own = logits.softmax(1).gather(1, labels.unsqueeze(1));
  return focal_loss(own, torch::ones_like(own));
}

torch::Tensor masked_softmax(const torch::Tensor& raw, const torch::Tensor& labels, std::int64_t per_class) {
  const torch::Tensor class_of_slot = torch::arange(raw.size(1), labels.options()).floor_divide(per_class);
  const torch::Tensor own = class_of_slot.unsqueeze(0).eq(labels.unsqueeze(1));
  constexpr double elsewhere = 1e-8F;  // single precision: the reference keeps its mask so
  const torch::Tensor mask = torch::full_like(raw, elsewhere).masked_fill(own, 1);
  const torch::Tensor weights = (raw - std::get<0>(raw.max(1, true))).exp() * mask;
  return weights / (weights.sum(1, true) + 1e-7);
}

}  // namespace scant
