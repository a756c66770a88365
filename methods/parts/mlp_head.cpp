// Layers of a head.
#include "methods/parts/mlp_head.hpp"

#include <cmath>

#include "harness/learn/backbone.hpp"

namespace scant {
namespace {

torch::nn::Linear linear(int in, int out, bool bias, Random& random) {
  if (bias) return make_linear(in, out, random);
  torch::nn::Linear layer(torch::nn::LinearOptions(in, out).bias(false));
  fill_uniform(layer->weight, 1 / std::sqrt(in), random);
  return layer;
}

}  // namespace

MlpHeadImpl::MlpHeadImpl(int in, const MlpSpec& spec, Random& random) {
  int width = in;
  for (int i = 1; i < spec.layers; ++i) {
    layers->push_back(linear(width, spec.hidden, spec.hidden_bias, random));
    if (spec.hidden_norm) layers->push_back(torch::nn::BatchNorm1d(spec.hidden));
    layers->push_back(torch::nn::ReLU());
    width = spec.hidden;
  }
  layers->push_back(linear(width, spec.out, spec.last_bias, random));
  if (spec.last == MlpSpec::Norm::plain) {
    layers->push_back(torch::nn::BatchNorm1d(torch::nn::BatchNormOptions(spec.out).affine(false)));
  } else if (spec.last == MlpSpec::Norm::scale) {
    torch::nn::BatchNorm1d norm(spec.out);
    norm->bias.requires_grad_(false);
    layers->push_back(norm);
  }
  register_module("layers", layers);
}

}  // namespace scant
