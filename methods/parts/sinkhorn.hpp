// Sinkhorn-Knopp codes: scores between samples and prototypes become soft assignments that use every prototype alike.
// Cuturi, "Sinkhorn Distances", NeurIPS 2013; as codes: Caron et al., "Unsupervised Learning of Visual Features by
// Contrasting Cluster Assignments", NeurIPS 2020.
#pragma once
#include "methods/parts/gather.hpp"

namespace scant {

/// Scores B x K to codes B x K, rows sum to 1, without gradient: exp(scores / epsilon), then `iterations` times (>= 1)
/// every prototype's column to 1/K of the mass and every sample's row to 1/B, at the end times B. Computed on
/// logarithms: no score is too large for it, and a constant added to all of them changes nothing. Ranks that share a
/// batch each give their own samples and get their codes; B counts all of them.
torch::Tensor sinkhorn_codes(const torch::Tensor& scores, double epsilon, int iterations, Gather& gather = alone());

}  // namespace scant
