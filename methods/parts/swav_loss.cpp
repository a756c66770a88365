// Codes, swapped prediction, and the step that joins them.
#include "methods/parts/swav_loss.hpp"

#include "methods/parts/sinkhorn.hpp"

namespace scant {

torch::Tensor assigned_codes(const torch::Tensor& scores, const torch::Tensor& earlier, const SwavOptions& options) {
  if (!earlier.defined()) return sinkhorn_codes(scores, options.epsilon, options.iterations);
  const torch::Tensor all = torch::cat({earlier, scores.detach()});
  return sinkhorn_codes(all, options.epsilon, options.iterations).narrow(0, earlier.size(0), scores.size(0));
}

torch::Tensor swapped_prediction(const std::vector<torch::Tensor>& scores, const std::vector<std::size_t>& assigned,
                                 const std::vector<torch::Tensor>& codes, double temperature) {
  std::vector<torch::Tensor> predictions, losses;
  for (const torch::Tensor& crop : scores) predictions.push_back((crop / temperature).log_softmax(1));
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    for (std::size_t v = 0; v < scores.size(); ++v) {
      if (v != assigned[i]) losses.push_back(-(codes[i] * predictions[v]).sum(1).mean());
    }
  }
  // Every assigned crop has equally many others, so one mean is the mean of means.
  return torch::stack(losses).mean();
}

torch::Tensor swav_loss(const std::vector<torch::Tensor>& embeddings, const std::vector<std::size_t>& assigned,
                        PrototypesImpl& prototypes, bool frozen, FeatureQueueImpl* queue, const SwavOptions& options) {
  prototypes.normalise();
  std::vector<torch::Tensor> scores, codes, fresh;
  for (const torch::Tensor& crop : embeddings) scores.push_back(prototypes.scores(crop, frozen));
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    torch::Tensor earlier;
    if (queue != nullptr && queue->full()) {
      const torch::NoGradGuard no_grad;
      earlier = prototypes.scores(queue->features[static_cast<std::int64_t>(i)]);
    }
    codes.push_back(assigned_codes(scores[assigned[i]], earlier, options));
    fresh.push_back(embeddings[assigned[i]].detach());
  }
  if (queue != nullptr) queue->push(fresh);
  return swapped_prediction(scores, assigned, codes, options.temperature);
}

}  // namespace scant
