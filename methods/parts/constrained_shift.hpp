// One step of mean shift under each of its constraints: what is written to the bank, which neighbours count, the loss.
// Navaneet, Koohpayegani, Tejankar et al., "Constrained Mean Shift Using Distant Yet Related Neighbors for
// Representation Learning", ECCV 2022.
#pragma once
#include "methods/parts/neighbour_bank.hpp"
#include "methods/parts/view_pool.hpp"

namespace scant {

/// N images of a step.
struct ShiftBatch {
  torch::Tensor queries;  // N x D unit rows, with gradient
  torch::Tensor targets;  // N x D unit rows of the other view, without
  torch::Tensor labels;   // N int64, -1: none
  torch::Tensor images;   // N int64, numbers of the images
};

struct Shift {
  torch::Tensor loss;
  BankNeighbours plain, constrained;  // of the targets in the bank; `constrained` is empty where there is no constraint
};

// Every step writes the targets to the bank first: an image's nearest neighbour is its own target.

/// Mean shift without a constraint; k = 1 is BYOL in one direction.
Shift plain_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, int k);

enum class Unlabelled { left_out, unconstrained };
/// Neighbours of the image's own label alone. Fewer than k of them are averaged over as many as there are.
Shift class_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, Unlabelled unlabelled, int k);

/// Mean of the plain loss and that of neighbours in the image's own cluster: `cluster_of` every image, int64 (-1: in
/// none yet, which leaves it unconstrained).
Shift cluster_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, const torch::Tensor& cluster_of, int k);

/// Mean of the plain loss and that of neighbours among the k_prime entries next to the image's previous view. Where
/// there are fewer than k, the nearest others join. Writes the targets to `pool` as well.
Shift two_query_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, ViewPoolImpl& pool, int k, int k_prime);

}  // namespace scant
