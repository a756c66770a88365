// Full convolution: wider zero padding everywhere, so that filters reach every position alike up to the image's border.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/full_convolution.hpp"

namespace scant {
namespace {

class Fconv : public GradientMethod {
 public:
  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    using Init = FullConvolution::Init;
    FullConvolution maker(task().trial.compat == "gem" ? Init::uniform : Init::backbone);
    backbone_ = make_backbone(backbone_spec(), random, maker);
    auto root = std::make_shared<torch::nn::Module>("Fconv");
    root->register_module("base", backbone_);
    return root;
  }
};

const Register<Fconv> registered_fconv{
    {.name = "fconv",
     .summary = "every k x k convolution is padded with k-1 zeros a side; costs 3 to 14 times the plain network",
     .citation = "Kayhan & van Gemert, \"On Translation Invariance in CNNs: Convolutional Layers can Exploit Absolute "
                 "Spatial Location\", CVPR 2020",
     .differences = {"the blocks' convolutions start from uniform(+-1/sqrt(fan_in)) instead of the backbone's normal "
                     "distribution, about 2.4 times smaller; stem and ResNet projections do not"}}};

}  // namespace
}  // namespace scant
