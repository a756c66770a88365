// The two halves of a contrastive loss: what pulls positives together, and what keeps the rest spread out. Their
// balance is a hyper-parameter of its own: Sors, Sampaio de Rezende, Ibrahimi & Andreoli, "Simple and Effective Balance
// of Contrastive Losses", arXiv 2112.11743.
#pragma once
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// Scalars. The loss is a weighted sum of both; 1 and 1 give the loss as published.
struct PullPush {
  torch::Tensor pull, push;
  torch::Tensor weighted(double pull_weight, double push_weight) const {
    return pull_weight * pull + push_weight * push;
  }
};

/// What stands below the fraction of a softmax over candidates.
enum class Denominator {
  all_others,    // supervised contrastive loss: all candidates of the anchor, one term an anchor
  own_positive,  // NT-Xent: the pair itself and the anchor's negatives, one term a positive pair
  negatives      // decoupled: the anchor's negatives, one term an anchor that has both
};
/// The softmax losses on cosines N x M: pull = -mean s/T of positives (first each anchor's, or over all pairs for
/// own_positive), push = mean log sum exp(s/T) of the denominator. Anchors without positives do not count; 0 if all do
/// not. Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020; Sohn, NeurIPS 2016; Yeh et al., ECCV 2022.
PullPush softmax_terms(const torch::Tensor& cosines, const PairSets& sets, double temperature, Denominator denominator);

/// On distances N x N of a batch: pull = mean D^alpha of positives, push = log mean exp(-t D^2) of all distinct pairs.
/// Wang & Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity on the
/// Hypersphere", ICML 2020.
PullPush alignment_and_uniformity(const torch::Tensor& distances, const PairSets& sets, double alpha, double t);

}  // namespace scant
