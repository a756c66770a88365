// Learned sums of a main and an auxiliary loss: Navon et al., "Auxiliary Learning by Implicit Differentiation", ICLR
// 2021.
#pragma once
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// Losses of every image, N x 2 with the main one first, to the scalar that training minimises. The mean main loss is
/// added, so that the combiner cannot talk it away.
class LossCombiner : public torch::nn::Module {
 public:
  using Module::Module;
  torch::Tensor forward(const torch::Tensor& losses);
  /// Makes weights that became negative 0, so that no loss is driven up.
  void clamp();

 protected:
  /// N x 2 -> N x 1.
  virtual torch::Tensor combined(const torch::Tensor& losses) = 0;
  torch::nn::Linear add_layer(torch::nn::Module& parent, const std::string& name, int in, int out, bool bias);

 private:
  std::vector<torch::Tensor> weights_;
};

/// w1 main + w2 auxiliary, both weights 1 at the start. Tensor: linear.weight.
class LinearCombiner : public LossCombiner {
 public:
  LinearCombiner();

 private:
  torch::Tensor combined(const torch::Tensor& losses) override;
  torch::nn::Linear linear_{nullptr};
};

/// A network with softplus between its layers, the last without bias. Weights start uniform(0, 0.2), biases 0. Tensors:
/// net.0, net.3, ...: places 1 and 2 of every three are the reference's layers without tensors.
class NonlinearCombiner : public LossCombiner {
 public:
  NonlinearCombiner(const std::vector<int>& hidden, Random& random);

 private:
  torch::Tensor combined(const torch::Tensor& losses) override;
  std::vector<torch::nn::Linear> layers_;
};

}  // namespace scant
