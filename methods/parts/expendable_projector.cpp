// Hidden layers and the projector made of them.
#include "methods/parts/expendable_projector.hpp"

#include "harness/learn/backbone.hpp"
#include "methods/parts/projector.hpp"

namespace scant {
namespace {

torch::nn::Linear small_linear(int in, int out, bool bias, Random& random) {
  torch::nn::Linear linear(torch::nn::LinearOptions(in, out).bias(bias));
  const torch::NoGradGuard no_grad;
  fill_normal(linear->weight, 0.02, random);
  if (bias) linear->bias.zero_();
  return linear;
}

struct HiddenLayerImpl : torch::nn::Module {
  HiddenLayerImpl(int in, int out, Random& random) {
    fc = register_module("fc", small_linear(in, out, true, random));
    bn = register_module("bn", torch::nn::BatchNorm1d(out));
  }
  torch::Tensor forward(const torch::Tensor& x) { return at::gelu(bn->forward(fc->forward(x))); }

  torch::nn::Linear fc{nullptr};
  torch::nn::BatchNorm1d bn{nullptr};
};
TORCH_MODULE(HiddenLayer);

}  // namespace

ExpendableProjectorImpl::ExpendableProjectorImpl(int in, int hidden, int hidden_layers, int out, Random& random) {
  layers = register_module("layers", torch::nn::Sequential());
  layers->push_back(torch::nn::Functional(unit_rows));
  int width = in;
  for (int i = 0; i < hidden_layers; ++i, width = hidden) layers->push_back(HiddenLayer(width, hidden, random));
  layers->push_back(small_linear(width, out, false, random));
}

torch::Tensor ExpendableProjectorImpl::forward(const torch::Tensor& features) {
  return layers->forward(features);
}

}  // namespace scant
