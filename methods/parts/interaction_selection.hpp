// Leaves pairs out of the contrastive loss whose labels are probably wrong, by the distances that a teacher network
// sees: positives that lie far apart, negatives that lie very near. Follows Ibrahimi, Sors, Sampaio de Rezende &
// Clinchant, "Learning with Label Noise for Image Retrieval by Selecting Interactions" (T-SINT), WACV 2022; there is no
// public code, so this is a reading of the paper.
#pragma once
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// Teacher distances, scalars: positives are kept up to one, negatives from the other on. NaN: not known yet.
struct InteractionCuts {
  torch::Tensor positive, negative;
};

/// Quantiles (linear interpolation) of one batch: that of its positives' distances at `keep_positive`, of its
/// negatives' at 1 - `keep_negative`. Distances N x N; NaN for a set without pairs.
InteractionCuts cuts_of_batch(const torch::Tensor& teacher_distances, const PairSets& sets, double keep_positive,
                              double keep_negative);
/// momentum * before + (1 - momentum) * batch; where one is not known, the other.
InteractionCuts moved_cuts(const InteractionCuts& before, const InteractionCuts& batch, double momentum);
/// The pairs of `sets` that the cuts leave.
PairSets selected(const torch::Tensor& teacher_distances, const PairSets& sets, const InteractionCuts& cuts);

}  // namespace scant
