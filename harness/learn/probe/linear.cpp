// All learning rates side by side: their weights are columns of one matrix.
#include "harness/learn/probe/linear.hpp"

#include <algorithm>
#include <numeric>

#include "harness/core/random.hpp"
#include "harness/learn/schedule.hpp"

namespace scant {
namespace {

/// A permutation of 0..n-1.
torch::Tensor epoch_order(std::int64_t n, std::uint64_t seed, int epoch) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, static_cast<std::uint64_t>(epoch));
  random.shuffle(order);
  return torch::tensor(order, torch::kInt64);
}

}  // namespace

std::vector<LinearModel> fit_linear(const torch::Tensor& features, const torch::Tensor& labels, int classes,
                                    const std::vector<double>& rates, const LinearOptions& options,
                                    std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const std::int64_t n = features.size(0), d = features.size(1), k = classes, models = std::ssize(rates);
  // The bias is the weight of a feature that is always 1.
  const torch::Tensor x = torch::cat({features, torch::ones({n, 1}, features.options())}, 1);
  const torch::Tensor targets = torch::one_hot(labels.to(features.device()), classes).to(features.options());
  torch::Tensor weight = torch::zeros({d + 1, models * k}, features.options()), velocity = torch::zeros_like(weight);
  const torch::Tensor rate_of_column =
      torch::tensor(rates, torch::kFloat64).to(features.options()).repeat_interleave(k).unsqueeze(0);
  const std::int64_t batches = (n + options.batch_size - 1) / options.batch_size, total = batches * options.epochs;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const torch::Tensor order = epoch_order(n, seed, epoch).to(features.device());
    const torch::Tensor shuffled = x.index_select(0, order), wanted = targets.index_select(0, order);
    for (std::int64_t b = 0; b < batches; ++b) {
      const std::int64_t begin = b * options.batch_size, size = std::min<std::int64_t>(options.batch_size, n - begin);
      const torch::Tensor part = shuffled.narrow(0, begin, size);  // B x D+1
      const torch::Tensor probabilities = part.matmul(weight).view({size, models, k}).softmax(2);
      const torch::Tensor error = (probabilities - wanted.narrow(0, begin, size).unsqueeze(1)) / size;
      torch::Tensor gradient = part.t().matmul(error.view({size, models * k}));
      if (options.weight_decay != 0) gradient.add_(weight, options.weight_decay);
      velocity.mul_(options.momentum).add_(gradient);
      gradient.add_(velocity, options.momentum);
      weight.sub_(gradient.mul_(rate_of_column * cosine_rate(1, epoch * batches + b, total)));
    }
  }
  std::vector<LinearModel> fitted;
  for (std::int64_t m = 0; m < models; ++m) {
    const torch::Tensor columns = weight.narrow(1, m * k, k).t();  // K x D+1
    fitted.push_back({columns.narrow(1, 0, d).contiguous(), columns.select(1, d).contiguous()});
  }
  return fitted;
}

}  // namespace scant
