// Nearest neighbours among training features, and their vote.
#pragma once
#include <string>

#include "harness/learn/compat.hpp"

namespace scant {

/// The k training rows next to each query, nearest first; among equally near ones the lower row. M x k.
struct Neighbours {
  torch::Tensor rows;       // int64
  torch::Tensor closeness;  // larger is nearer: the cosine, or minus the Euclidean distance
};

struct KnnOptions {
  std::string metric = "cosine";  // cosine | euclidean
  std::string vote = "weighted";  // weighted | majority
  int k = 20;                     // all training rows where there are fewer
  double temperature = 0.07;      // cosine, weighted: a neighbour's vote is exp(cosine / temperature)
  double epsilon = 1e-5;          // euclidean, weighted: 1 / (distance + epsilon)
};

/// `train` N x D, `queries` M x D of one type, on one device. Queries go in blocks, so that no more than about 2^24
/// values lie in memory besides the arguments and the result. Throws InputError for an unknown metric.
Neighbours nearest(const torch::Tensor& train, const torch::Tensor& queries, const std::string& metric, int k);

/// Votes per class, M x K float64: what `vote` says of each neighbour, summed (Wu et al., CVPR 2018, for the weighted
/// cosine vote). `labels` N int64 in [0, classes). Throws InputError for an unknown vote.
torch::Tensor votes(const Neighbours& neighbours, const torch::Tensor& labels, int classes, const KnnOptions& options);

/// Votes with ties decided, M x K: a class whose nearest member is the r-th neighbour (r = 0, 1, ...) gains 1/(2+r) < 1
/// in a majority vote, so that of classes with equally many the one with the nearest member has the highest score.
/// Weighted votes are returned as they are.
torch::Tensor knn_scores(const Neighbours& neighbours, const torch::Tensor& labels, int classes,
                         const KnnOptions& options);

}  // namespace scant
