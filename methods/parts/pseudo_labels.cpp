// Pseudo-labels by a confidence threshold.
#include "methods/parts/pseudo_labels.hpp"

namespace scant {

PseudoLabels pseudo_labels(const torch::Tensor& logits, const torch::Tensor& known, double threshold) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor probabilities = logits.softmax(1);
  const auto [largest, likeliest] = probabilities.max(1);
  const torch::Tensor labelled = known.ge(0), confident = labelled.logical_or(largest.ge(threshold));
  const torch::Tensor guessed = torch::where(confident, likeliest, torch::full_like(known, -1));
  return {probabilities, torch::where(labelled, known, guessed), confident};
}

torch::Tensor pseudo_accuracy(const PseudoLabels& pseudo, const torch::Tensor& known, const torch::Tensor& truth) {
  const torch::Tensor guessed = pseudo.confident.logical_and(known.lt(0));
  const torch::Tensor right = guessed.logical_and(pseudo.labels.eq(truth));
  return right.sum().to(torch::kFloat64) / guessed.sum().clamp_min(1);
}

}  // namespace scant
