// The small network between an encoder's features and the space that contrastive losses compare in.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/probe/feature_norm.hpp"  // unit_rows

namespace scant {

/// Features N x in -> N x out: Linear(in, in), ReLU, Linear(in, out), all initialised like torch's.
class ProjectorImpl : public torch::nn::Module {
 public:
  ProjectorImpl(int in, int out, Random& random);
  torch::Tensor forward(const torch::Tensor& features) { return fc->forward(features); }

  torch::nn::Sequential fc{nullptr};
};
TORCH_MODULE(Projector);

}  // namespace scant
