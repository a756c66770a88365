// Blocked exact search and votes.
#include "harness/learn/probe/knn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/learn/probe/feature_norm.hpp"

namespace scant {
namespace {

/// The k largest of each row, as indices in ascending order, B x k. What topk picks among equals is not specified;
/// here it is the lowest index.
torch::Tensor largest(const torch::Tensor& rows, std::int64_t k) {
  const torch::Tensor threshold = std::get<0>(rows.topk(k, 1)).narrow(1, k - 1, 1);
  const torch::Tensor above = rows > threshold, equal = rows == threshold;
  const torch::Tensor vacant = k - above.sum(1, /*keepdim=*/true);
  const torch::Tensor kept = above | (equal & (equal.cumsum(1) <= vacant));
  return kept.nonzero().select(1, 1).view({rows.size(0), k});
}

/// Distances of each query's candidates, B x k, from differences: the search's |a|^2 - 2ab loses what is small.
torch::Tensor distances(const torch::Tensor& train, const torch::Tensor& queries, const torch::Tensor& candidates) {
  const torch::Tensor rows = train.index_select(0, candidates.flatten());
  return (rows.view({candidates.size(0), candidates.size(1), -1}) - queries.unsqueeze(1)).norm(2, 2);
}

Neighbours search_block(const torch::Tensor& train, const torch::Tensor& queries, bool cosine, std::int64_t k) {
  const torch::Tensor dot = queries.matmul(train.t());  // B x N
  const torch::Tensor near = cosine ? dot : 2 * dot - train.square().sum(1).unsqueeze(0);
  const torch::Tensor candidates = largest(near, k);
  const torch::Tensor closeness = cosine ? dot.gather(1, candidates) : -distances(train, queries, candidates);
  const torch::Tensor order = std::get<1>(closeness.sort(/*stable=*/true, 1, /*descending=*/true));
  return {candidates.gather(1, order), closeness.gather(1, order)};
}

torch::Tensor one_hot_labels(const Neighbours& neighbours, const torch::Tensor& labels, int classes) {
  return torch::one_hot(labels.to(neighbours.rows.device()).index_select(0, neighbours.rows.flatten()), classes)
      .to(torch::kFloat64)
      .view({neighbours.rows.size(0), neighbours.rows.size(1), classes});
}

torch::Tensor weights(const Neighbours& neighbours, const KnnOptions& options) {
  const torch::Tensor closeness = neighbours.closeness.to(torch::kFloat64);
  if (options.vote == "majority") return torch::ones_like(closeness);
  if (options.vote != "weighted") {
    throw InputError(fmt::format("there is no vote \"{}\"; it is weighted or majority", options.vote));
  }
  if (options.metric == "cosine") return (closeness / options.temperature).exp();
  return 1 / (options.epsilon - closeness);
}

}  // namespace

Neighbours nearest(const torch::Tensor& train, const torch::Tensor& queries, const std::string& metric, int k) {
  if (metric != "cosine" && metric != "euclidean") {
    throw InputError(fmt::format("there is no metric \"{}\"; it is cosine or euclidean", metric));
  }
  const torch::NoGradGuard no_grad;
  const bool cosine = metric == "cosine";
  // Distances do not change when both sides move; around the mean they lose less.
  const torch::Tensor mean = train.mean(0, true);
  const torch::Tensor bank = cosine ? unit_rows(train) : train - mean;
  const std::int64_t n = train.size(0), kept = std::min<std::int64_t>(k, n);
  constexpr std::int64_t values = std::int64_t{1} << 24;
  const std::int64_t widest = std::max(n, kept * train.size(1));
  const std::int64_t block = std::max<std::int64_t>(1, values / widest);
  std::vector<torch::Tensor> rows, closeness;
  for (std::int64_t begin = 0; begin < queries.size(0); begin += block) {
    const torch::Tensor part = queries.narrow(0, begin, std::min(block, queries.size(0) - begin));
    Neighbours found = search_block(bank, cosine ? unit_rows(part) : part - mean, cosine, kept);
    rows.push_back(std::move(found.rows));
    closeness.push_back(std::move(found.closeness));
  }
  if (rows.empty()) {
    const torch::Tensor none = torch::empty({0, kept}, train.options());
    return {none.to(torch::kInt64), none};
  }
  return {torch::cat(rows), torch::cat(closeness)};
}

torch::Tensor votes(const Neighbours& neighbours, const torch::Tensor& labels, int classes, const KnnOptions& options) {
  return (one_hot_labels(neighbours, labels, classes) * weights(neighbours, options).unsqueeze(2)).sum(1);
}

torch::Tensor knn_scores(const Neighbours& neighbours, const torch::Tensor& labels, int classes,
                         const KnnOptions& options) {
  const torch::Tensor sums = votes(neighbours, labels, classes, options);
  if (options.vote != "majority") return sums;
  const torch::Tensor rank_bonus = 1 / (2 + torch::arange(neighbours.rows.size(1), sums.options()));
  return sums + (one_hot_labels(neighbours, labels, classes) * rank_bonus.view({1, -1, 1})).amax(1);
}

}  // namespace scant
