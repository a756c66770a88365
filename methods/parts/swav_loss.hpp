// Swapped prediction: the prototypes that one crop of an image is assigned to are predicted from its other crops.
// Caron et al., "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments", NeurIPS 2020.
#pragma once
#include <vector>

#include "methods/parts/feature_queue.hpp"
#include "methods/parts/prototypes.hpp"

namespace scant {

struct SwavOptions {
  double temperature = 0.1;  // divides the scores that predict
  double epsilon = 0.05;     // divides the scores that are assigned
  int iterations = 3;        // of Sinkhorn-Knopp
};

/// Codes N x K of a batch's scores, balanced together with `earlier` scores (Q x K; undefined: there are none), whose
/// own codes are dropped.
torch::Tensor assigned_codes(const torch::Tensor& scores, const torch::Tensor& earlier, const SwavOptions& options);

/// `scores`: N x K of every crop; codes[i] N x K belongs to the crop assigned[i]. Mean over the assigned crops of the
/// mean over all other crops of the cross-entropy between the code and softmax(scores / temperature).
torch::Tensor swapped_prediction(const std::vector<torch::Tensor>& scores, const std::vector<std::size_t>& assigned,
                                 const std::vector<torch::Tensor>& codes, double temperature);

/// The loss of one step from unit embeddings, N x D of every crop. Normalises the prototypes first. `queue`, if there
/// is one, has a row for each of the `assigned` crops (positions in `embeddings`); once full it joins the assignment,
/// and it receives this step's embeddings in any case. `frozen`: prototypes get no gradient.
torch::Tensor swav_loss(const std::vector<torch::Tensor>& embeddings, const std::vector<std::size_t>& assigned,
                        PrototypesImpl& prototypes, bool frozen, FeatureQueueImpl* queue, const SwavOptions& options);

}  // namespace scant
