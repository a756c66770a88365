// Softmax cross-entropy: the method that everything else is compared with.
#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

class Xent : public GradientMethod {};

const Register<Xent> registered_xent{
    {.name = "xent",
     .summary = "mean softmax cross-entropy of the backbone's logits",
     .citation = "Brigato et al., \"Image Classification with Small Datasets: Overview and Benchmark\", IEEE Access "
                 "2022 (the tuned baseline)"}};

}  // namespace
}  // namespace scant
