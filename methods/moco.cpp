// MoCo, second version: a view finds its image's other view among a long queue of keys from a slowly following network.
#include "methods/parts/momentum_contrast.hpp"

namespace scant {
namespace {

class MocoV2 : public MomentumContrast {};

const Register<MocoV2> registered_moco{
    {.name = "moco",
     .summary = "contrast against a queue of keys that a slowly following copy of the network made",
     .citation = "He, Fan, Wu, Xie & Girshick, \"Momentum Contrast for Unsupervised Visual Representation Learning\", "
                 "CVPR 2020; Chen, Fan, Girshick & He, \"Improved Baselines with Momentum Contrastive Learning\", "
                 "arXiv:2003.04297, 2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
