// The multi-similarity loss: soft weights for an anchor's positives and negatives by how they lie to each other. Wang,
// Han, Huang, Dong & Scott, "Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning", CVPR 2019.
#pragma once
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// Positives less alike than the anchor's most alike negative plus `slack`, and negatives more alike than its least
/// alike positive minus `slack`. An anchor that lacks either kind keeps nothing.
PairSets informative_pairs(const torch::Tensor& cosines, const PairSets& sets, double slack);

/// `sets` without anchors that lack positives or negatives: the authors' own code skips them.
PairSets two_sided(const PairSets& sets);

struct MultiSimilarityOptions {
  double alpha = 2, beta = 50;  // sharpness for positives and negatives
  double base = 0.5;            // cosine that both are compared with
};
/// Mean over all N anchors of log(1 + sum_P exp(-alpha (s - base))) / alpha + log(1 + sum_N exp(beta (s - base))) /
/// beta.
torch::Tensor multi_similarity_loss(const torch::Tensor& cosines, const PairSets& sets,
                                    const MultiSimilarityOptions& options);

}  // namespace scant
