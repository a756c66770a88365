// What golden cases of layers, losses and methods are given, as tensors.
#pragma once
#include <string>
#include <vector>

#include "harness/conform/conform.hpp"

namespace scant {

/// Values whose gradient is asked for.
inline torch::Tensor leaf(const Json& values) {
  return tensor_of(values).requires_grad_(true);
}

inline torch::Tensor integers(const Json& list) {
  return tensor_of(list).to(torch::kInt64);
}

inline torch::Tensor labels_in(const Json& inputs, const char* key = "labels") {
  return integers(inputs.at(key));
}

/// Shape of the tensor of that name in a list of {name, shape, ...}; empty if there is none.
inline std::vector<std::int64_t> shape_in(const Json& tensors, const std::string& name) {
  for (const Json& tensor : tensors) {
    if (tensor.at("name") == name) return tensor.at("shape");
  }
  return {};
}

}  // namespace scant
