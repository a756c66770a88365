// Embeddings of earlier batches as further candidates, and the pair loss that is used with them: Wang, Zhang, Huang &
// Scott, "Cross-Batch Memory for Embedding Learning", CVPR 2020.
#pragma once
#include "methods/parts/pair_sets.hpp"

namespace scant {

struct SummedPairsOptions {
  double positive_margin = 0;    // positives from the cosine 1 - this on cost nothing
  double negative_margin = 0.5;  // negatives up to this cosine cost nothing
  double copy_slack = 1e-5;      // a positive whose cosine is not below 1 - this - positive_margin is left out
};
struct SummedPairs {
  torch::Tensor loss;                  // scalar
  torch::Tensor positives, negatives;  // of an anchor that count, means over anchors, float64
};
/// Sum over an anchor's positives of 1 - s and over its negatives beyond the margin of s, mean over the N anchors of
/// cosines N x M; 0 if there are none.
SummedPairs summed_pairs(const torch::Tensor& cosines, const PairSets& sets, const SummedPairsOptions& options);

/// The latest rows, newest first: buffers "rows" (size x dim) and "labels" (size, -1 where there is none yet).
class CrossBatchMemoryImpl : public torch::nn::Module {
 public:
  CrossBatchMemoryImpl(int size, int dim);
  /// Rows N x dim with N labels push the oldest out; of more than fit the first are kept. No gradient.
  void add(const torch::Tensor& new_rows, const torch::Tensor& new_labels);

  torch::Tensor rows, labels;
};
TORCH_MODULE(CrossBatchMemory);

}  // namespace scant
