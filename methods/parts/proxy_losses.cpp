// Softmax and soft hinges over proxies.
#include "methods/parts/proxy_losses.hpp"

#include "methods/parts/pair_sets.hpp"

namespace scant {
namespace {

/// N x K bool: the image's own proxy.
torch::Tensor own_proxies(const torch::Tensor& labels, std::int64_t classes) {
  return labels.unsqueeze(1).eq(torch::arange(classes, labels.options()));
}

}  // namespace

torch::Tensor proxy_nca_loss(const torch::Tensor& squared_distances, const torch::Tensor& labels,
                             const ProxyNcaOptions& options) {
  const torch::Tensor logits = -options.scale * squared_distances;
  if (options.own_below) return torch::nn::functional::cross_entropy(logits, labels);
  const torch::Tensor others = own_proxies(labels, logits.size(1)).logical_not();
  return (masked_log_sum_exp(logits, others, 1) - logits.gather(1, labels.unsqueeze(1)).squeeze(1)).mean();
}

torch::Tensor proxy_anchor_loss(const torch::Tensor& cosines, const torch::Tensor& labels,
                                const ProxyAnchorOptions& options) {
  const torch::Tensor own = own_proxies(labels, cosines.size(1));
  const torch::Tensor pull = log_one_plus_sum_exp(-options.alpha * (cosines - options.margin), own, 0);
  const torch::Tensor push = log_one_plus_sum_exp(options.alpha * (cosines + options.margin), own.logical_not(), 0);
  const torch::Tensor present = own.any(0).sum().clamp_min(1).to(cosines.scalar_type());
  return pull.sum() / present + push.mean();
}

}  // namespace scant
