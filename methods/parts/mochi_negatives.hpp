// Synthetic hard negatives: mixtures of the keys that are closest to a query. Kalantidis, Sariyildiz, Pion, Weinzaepfel
// & Larlus, "Hard Negative Mixing for Contrastive Learning", NeurIPS 2020.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

struct MochiOptions {
  int hardest = 256;    // keys that mixtures are made of: those closest to the query
  int pairs = 128;      // mixtures of two of them, a query
  int with_query = 64;  // mixtures of one of them and the query
};

/// What is drawn for N queries. Ranks are places in a query's own list of hardest keys, 0 the hardest (int64).
struct MochiDraws {
  torch::Tensor first, second, first_share;  // N x pairs; different ranks, share of the first in [0, 1)
  torch::Tensor partner, query_share;        // N x with_query; share of the query in [0, 0.5)
};
MochiDraws draw_mixtures(std::int64_t queries, const MochiOptions& options, Random& random,
                         const torch::TensorOptions& like);

/// N x hardest places in the queue (dim x K) by falling cosine with the query, N x dim unit rows. Keys that `excluded`
/// (N x K bool, or undefined) names come last.
torch::Tensor hardest_keys(const torch::Tensor& queries, const torch::Tensor& queue, int hardest,
                           const torch::Tensor& excluded = {});

/// Unit vectors without gradient: N x pairs x dim and N x with_query x dim.
struct MochiNegatives {
  torch::Tensor pairs, with_query;
};
/// `hardest`: from hardest_keys.
MochiNegatives mix_negatives(const torch::Tensor& queries, const torch::Tensor& queue, const torch::Tensor& hardest,
                             const MochiDraws& draws);

/// N x (pairs + with_query): cosines of queries and their synthetic negatives, divided by the temperature.
torch::Tensor mochi_logits(const torch::Tensor& queries, const MochiNegatives& negatives, double temperature);

}  // namespace scant
