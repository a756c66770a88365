// A training that was parked and goes on in another object, against one that was not.
#pragma once
#include <gtest/gtest.h>

#include "tests/methods/tiny_training.hpp"

namespace scant::test {

/// As a checkpoint does it: tensors that are empty before the first step get the saved shape.
inline void copy_state(Method& from, Method& to) {
  const torch::NoGradGuard no_grad;
  const std::map<std::string, torch::Tensor> saved = tensors_of(from);
  for (auto& [name, tensor] : to.state()) {
    torch::Tensor target = tensor;
    if (target.sizes() != saved.at(name).sizes()) target.resize_(saved.at(name).sizes());
    target.copy_(saved.at(name));
  }
}

/// Trains `epochs` epochs at once, and in two objects with a stop after `parked`: every tensor and loss must be the
/// same to the bit. Returns the losses.
inline std::vector<double> expect_resuming(const std::string& name, const Json& params, int parked, int epochs) {
  const Samples samples = tiny_samples();
  const auto whole = tiny_method(name, params, epochs), first = tiny_method(name, params, epochs);
  const auto second = tiny_method(name, params, epochs);
  const Progress uninterrupted = train(*whole, samples, epochs);
  const Progress half = train(*first, samples, parked);
  copy_state(*first, *second);
  const Progress rest = train(*second, samples, epochs, half);
  const auto expected = tensors_of(*whole), got = tensors_of(*second);
  EXPECT_EQ(expected.size(), got.size());
  for (const auto& [tensor, value] : expected) EXPECT_TRUE(got.at(tensor).equal(value)) << tensor;
  EXPECT_EQ(uninterrupted.loss, rest.loss);
  return rest.loss;
}

}  // namespace scant::test
