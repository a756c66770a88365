// FastAP: average precision of every anchor's ranking, made differentiable by soft histograms of distances. Cakir, He,
// Xia, Kulis & Sclaroff, "Deep Metric Learning to Rank", CVPR 2019.
#pragma once
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// Mean over the anchors that have a positive of 1 - AP, from squared distances N x M of unit rows (0 to 4), counted
/// into bins + 1 triangles, 4 / bins wide to either side, whose tips lie evenly from 0 to 4. 0 with gradient 0 if no
/// anchor has a positive. Memory for N x M x (bins + 1) numbers.
torch::Tensor fast_ap_loss(const torch::Tensor& squared_distances, const PairSets& sets, int bins);

}  // namespace scant
