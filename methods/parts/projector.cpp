// A two-layer projector.
#include "methods/parts/projector.hpp"

#include "harness/learn/backbone.hpp"

namespace scant {

ProjectorImpl::ProjectorImpl(int in, int out, Random& random) {
  const auto first = make_linear(in, in, random), second = make_linear(in, out, random);
  fc = register_module("fc", torch::nn::Sequential(first, torch::nn::ReLU(), second));
}

}  // namespace scant
