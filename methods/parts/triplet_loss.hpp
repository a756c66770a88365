// The triplet loss and the rules that choose its triplets: an anchor's positive must be nearer than its negative, by a
// margin. Schroff, Kalenichenko & Philbin, "FaceNet", CVPR 2015; Hermans, Beyer & Leibe, "In Defense of the Triplet
// Loss for Person Re-Identification", arXiv 1703.07737.
#pragma once
#include "methods/parts/aggregation.hpp"
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// P positive pairs and, for each, which rows are its negatives.
struct Triplets {
  torch::Tensor anchor, positive;  // P int64
  torch::Tensor negative;          // P x N bool
};

/// What a triplet must be, by how much farther its negative is than its positive: anything; above the margin; up to the
/// margin; up to the margin and above 0; not above 0.
enum class TripletKind { all, easy, violating, semihard, hard };

/// Every triplet of the sets that is of the kind; the table is N x N.
Triplets all_triplets(const torch::Tensor& table, const PairSets& sets, Measure measure, TripletKind kind,
                      double margin);
/// One triplet for each anchor that has both: its farthest positive and its nearest negative.
Triplets hardest_triplets(const torch::Tensor& table, const PairSets& sets, Measure measure);
/// {anchor, positive, negative}, 3 x T int64, pair by pair.
torch::Tensor listed(const Triplets& triplets);

struct TripletOptions {
  double margin = 0.2;
  bool swap = false;    // the negative's distance from the positive counts where it is the smaller one
  bool smooth = false;  // log(1 + exp(v)) instead of max(v, 0) of the violation v
};
torch::Tensor triplet_loss(const torch::Tensor& table, const Triplets& triplets, Measure measure,
                           const TripletOptions& options, Aggregation how);

}  // namespace scant
