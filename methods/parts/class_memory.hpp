// Online class means: a memory of recent embeddings with their labels, and the classifier weights that follow from it.
// Sariyildiz, Kalantidis, Alahari & Larlus, "No Reason for No Supervision: Improved Generalization in Supervised
// Models", ICLR 2023.
#pragma once
#include "methods/parts/ring.hpp"

namespace scant {

class ClassMemoryImpl : public torch::nn::Module {
 public:
  ClassMemoryImpl(int length, int dim, int classes);
  /// classes x dim: the direction of the sum of each class's embeddings, which are remembered as long as they came, so
  /// that long ones weigh more. A class that is absent has a row of zeros.
  torch::Tensor prototypes() const;
  /// Remembers embeddings N x dim with their labels N in place of the oldest ones. Of a batch that passes the end of
  /// the table the rest is dropped; the next one starts in front.
  void update(const torch::Tensor& embeddings, const torch::Tensor& own_labels);

  torch::Tensor features, labels;  // buffers: length x dim, length (int64, -1: nothing yet)
  Ring ring;

 private:
  int classes_;
};
TORCH_MODULE(ClassMemory);

}  // namespace scant
