// Harmonic networks: every convolution with a kernel above 1x1 learns weights of cosine functions instead of pixels.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/harmonic_layer.hpp"

namespace scant {
namespace {

class HarmonicMaker : public LayerMaker {
 public:
  torch::nn::AnyModule conv(const ConvSpec& spec, Random& random) override {
    if (spec.kernel == 1) return LayerMaker::conv(spec, random);
    if (spec.stem) return torch::nn::AnyModule(HarmonicStem(spec, random));
    return torch::nn::AnyModule(HarmonicConv(spec, random));
  }
};

class Harmonic : public GradientMethod {
 public:
  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    HarmonicMaker maker;
    backbone_ = make_backbone(backbone_spec(), random, maker);
    auto root = std::make_shared<torch::nn::Module>("Harmonic");
    root->register_module("base", backbone_);
    return root;
  }
};

const Register<Harmonic> registered_harmonic{
    {.name = "harmonic",
     .summary = "kernels are learned combinations of discrete cosine functions",
     .citation = "Ulicny, Krylov & Dahyot, \"Harmonic Convolutional Networks based on Discrete Cosine Transform\", "
                 "Pattern Recognition 2022"}};

}  // namespace
}  // namespace scant
