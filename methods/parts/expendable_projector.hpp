// The projector of t-ReX: training compares behind it, transfer takes the features in front of it. The more hidden
// layers, the better the features transfer and the worse they suit the training classes. Sariyildiz et al., "No Reason
// for No Supervision", ICLR 2023.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// Features N x in: rows of unit length, `hidden_layers` times {Linear, batch normalisation, GELU}, Linear without bias
/// to N x out. Its tensors are named as in the paper's code: "layers.0" normalises, "layers.1.fc", "layers.1.bn", ...
class ExpendableProjectorImpl : public torch::nn::Module {
 public:
  /// Weights normal(0, 0.02), biases 0. `hidden` is the width of the hidden layers; hidden_layers >= 0.
  ExpendableProjectorImpl(int in, int hidden, int hidden_layers, int out, Random& random);
  torch::Tensor forward(const torch::Tensor& features);

  torch::nn::Sequential layers{nullptr};
};
TORCH_MODULE(ExpendableProjector);

}  // namespace scant
