// What methods have in common.
#include "harness/learn/method.hpp"

namespace scant {

torch::Tensor Method::embed(const torch::Tensor&) {
  return {};
}

torch::Tensor Method::log_probabilities(const torch::Tensor&) const {
  return {};
}

}  // namespace scant
