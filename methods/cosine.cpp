// The cosine loss: the output is pulled towards the direction of its class's one-hot vector.
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/cosine_loss.hpp"

namespace scant {
namespace {

/// Ranks by the unnormalised output, whose order is that of its cosines.
class Cosine : public GradientMethod {
 public:
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    return cosine_loss(normalised_rows(outputs.front()), labels);
  }
  /// Cosines rank classes and are no likelihood.
  torch::Tensor log_probabilities(const torch::Tensor&) const override { return {}; }
};

const Register<Cosine> registered_cosine{
    {.name = "cosine",
     .summary = "1 - cosine between the network's output and the one-hot target",
     .citation = "Barz & Denzler, \"Deep Learning on Small Datasets without Pre-Training using Cosine Loss\", WACV "
                 "2020"}};

}  // namespace
}  // namespace scant
