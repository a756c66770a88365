// Deep hybrid networks: fixed wavelets instead of the first layers, so that fewer weights have to be learned.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/scattering_backbone.hpp"

namespace scant {
namespace {

class ScatteringMethod : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("J", scale,
      "octaves of the transform, whose maps are 2^J times smaller than the images; published with 2 at 32 "
      "pixels, the reference's default is 3",
      Interval{1, 5}, choice({2, 3}));
  }
  int scale = 2;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    const auto init = task().trial.compat == "gem" ? ConvSpec::Init::uniform : ConvSpec::Init::fan_out;
    const ScatteringShape shape{.side = task().side, .scale = scale};
    const auto backbone = std::make_shared<ScatteringBackbone>(backbone_spec(), shape, init, random);
    // Crops hardly ever come again.
    backbone->keep_transforms(task().trial.augment.kind != Augment::Kind::resized_crop);
    backbone_ = backbone;
    auto root = std::make_shared<torch::nn::Module>("Scattering");
    root->register_module("base", backbone_);
    return root;
  }
};

const Register<ScatteringMethod> registered_scattering{
    {.name = "scattering",
     .summary = "a scattering transform of fixed wavelets replaces the stem and the first groups of blocks",
     .citation =
         "Oyallon, Belilovsky & Zagoruyko, \"Scaling the Scattering Transform: Deep Hybrid Networks\", ICCV 2017",
     .differences = {
         "the convolution behind the transform starts uniform(+-1/sqrt(fan_in)) instead of "
         "normal(0, sqrt(2/fan_out))",
         "not reproduced: the reference's target_size enlarges the images of ciFAIR-10 and EuroSAT; here they "
         "keep the task's side in both modes"}}};

}  // namespace
}  // namespace scant
