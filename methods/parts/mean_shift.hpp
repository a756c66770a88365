// Mean shift: an image's embedding is drawn to its nearest neighbours in a bank, all of them or those that satisfy a
// constraint. Koohpayegani, Tejankar & Pirsiavash, "Mean Shift for Self-Supervised Learning", ICCV 2021; constraints:
// Navaneet, Koohpayegani, Tejankar et al., "Constrained Mean Shift Using Distant Yet Related Neighbors for
// Representation Learning", ECCV 2022.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// 2 - 2 a.b, which is |a - b|^2 of unit rows: N x D and M x D to N x M.
torch::Tensor unit_distances(const torch::Tensor& a, const torch::Tensor& b);

/// The k entries next to each of N rows, the nearest first; fewer columns where the bank has fewer entries.
struct BankNeighbours {
  torch::Tensor index;  // N x k int64
  torch::Tensor found;  // N x k bool: false where fewer than k entries satisfy the constraint
};
/// `distances` N x M.
BankNeighbours nearest(const torch::Tensor& distances, int k);
/// Only among the entries that are `allowed`, N x M bool.
BankNeighbours nearest(const torch::Tensor& distances, const torch::Tensor& allowed, int k);
/// Those in `preferred` come first, whatever their distance (below 5); the nearest others fill up.
BankNeighbours nearest_preferring(const torch::Tensor& distances, const BankNeighbours& preferred, int k);

/// Where a row's group equals an entry's, N x M bool: groups N and M int64. Nothing equals a negative group.
torch::Tensor same_group(const torch::Tensor& own, const torch::Tensor& theirs);
/// The same, but rows of a negative group may have any entry.
torch::Tensor same_group_or_any(const torch::Tensor& own, const torch::Tensor& theirs);

/// Mean over rows of the mean squared distance between unit queries N x D and the neighbours found for them in `bank`
/// M x D. Rows without a neighbour do not count; without any the loss is 0.
torch::Tensor mean_shift_loss(const torch::Tensor& queries, const torch::Tensor& bank,
                              const BankNeighbours& neighbours);

/// Share of neighbours whose label is the row's, mean over the rows that have some: how often mean shift pulls in the
/// right direction. labels N, bank_labels M.
torch::Tensor purity(const BankNeighbours& neighbours, const torch::Tensor& labels, const torch::Tensor& bank_labels);

}  // namespace scant
