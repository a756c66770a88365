// Projectors and predictors with batch normalisation: the multi-layer heads of self-supervised methods.
#pragma once
#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// layers - 1 hidden layers, each Linear, batch normalisation (if `hidden_norm`), ReLU; then Linear and what `last`
/// says.
struct MlpSpec {
  enum class Norm {
    none,
    scale,  // batch normalisation without shift: its bias stays 0
    plain   // batch normalisation without parameters
  };
  int layers = 2, hidden = 512, out = 128;
  bool hidden_bias = false, hidden_norm = true;
  bool last_bias = true;
  Norm last = Norm::none;
};

/// N x in -> N x out; Linear layers initialised like torch's. With batch normalisation a training step needs N >= 2.
class MlpHeadImpl : public torch::nn::Module {
 public:
  MlpHeadImpl(int in, const MlpSpec& spec, Random& random);
  torch::Tensor forward(const torch::Tensor& x) { return layers->forward(x); }

  torch::nn::Sequential layers;
};
TORCH_MODULE(MlpHead);

}  // namespace scant
