// Choosing, mixing and comparing hard negatives, each query its own.
#include "methods/parts/mochi_negatives.hpp"

#include <limits>

namespace scant {
namespace {

/// N x M x dim: the keys at places[n][ranks[n][m]] of the queue.
torch::Tensor chosen(const torch::Tensor& queue, const torch::Tensor& places, const torch::Tensor& ranks) {
  const torch::Tensor columns = places.gather(1, ranks);
  return queue.t().index_select(0, columns.flatten()).view({columns.size(0), columns.size(1), queue.size(0)});
}

torch::Tensor unit(const torch::Tensor& x) {
  return torch::nn::functional::normalize(x, torch::nn::functional::NormalizeFuncOptions().dim(-1).eps(1e-12));
}

}  // namespace

MochiDraws draw_mixtures(std::int64_t queries, const MochiOptions& options, Random& random,
                         const torch::TensorOptions& like) {
  const auto n = static_cast<std::uint64_t>(options.hardest);
  std::vector<std::int64_t> first, second, partner;
  std::vector<double> first_share, query_share;
  for (std::int64_t query = 0; query < queries; ++query) {
    for (int i = 0; i < options.pairs; ++i) {
      const std::uint64_t a = random.below(n), b = random.below(n - 1);
      first.push_back(static_cast<std::int64_t>(a));
      second.push_back(static_cast<std::int64_t>(b < a ? b : b + 1));
      first_share.push_back(random.uniform());
    }
    for (int i = 0; i < options.with_query; ++i) {
      partner.push_back(static_cast<std::int64_t>(random.below(n)));
      query_share.push_back(random.uniform(0, 0.5));
    }
  }
  const auto table = [&](const auto& values, int width) {
    return torch::tensor(values).view({queries, width}).to(like.device());
  };
  return {table(first, options.pairs), table(second, options.pairs), table(first_share, options.pairs).to(like.dtype()),
          table(partner, options.with_query), table(query_share, options.with_query).to(like.dtype())};
}

torch::Tensor hardest_keys(const torch::Tensor& queries, const torch::Tensor& queue, int hardest,
                           const torch::Tensor& excluded) {
  const torch::NoGradGuard no_grad;
  torch::Tensor cosines = queries.matmul(queue);
  if (excluded.defined()) cosines.masked_fill_(excluded, -std::numeric_limits<double>::infinity());
  return std::get<1>(cosines.topk(hardest, 1, true, true));
}

MochiNegatives mix_negatives(const torch::Tensor& queries, const torch::Tensor& queue, const torch::Tensor& hardest,
                             const MochiDraws& draws) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor share = draws.first_share.unsqueeze(2), query_share = draws.query_share.unsqueeze(2);
  return {unit(share * chosen(queue, hardest, draws.first) + (1 - share) * chosen(queue, hardest, draws.second)),
          unit(query_share * queries.unsqueeze(1) + (1 - query_share) * chosen(queue, hardest, draws.partner))};
}

torch::Tensor mochi_logits(const torch::Tensor& queries, const MochiNegatives& negatives, double temperature) {
  const torch::Tensor all = torch::cat({negatives.pairs, negatives.with_query}, 1);
  return all.matmul(queries.unsqueeze(2)).squeeze(2) / temperature;
}

}  // namespace scant
