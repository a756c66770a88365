// Gradients of every plain method's loss, with respect to all parameters of a tiny network, against central
// differences.
#include <gtest/gtest.h>

#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

class LossGradient : public testing::TestWithParam<std::string> {};

TEST_P(LossGradient, EqualsCentralDifferences) {
  const auto made = methods().at(GetParam()).make(Json::object());
  auto& method = dynamic_cast<GradientMethod&>(*made);
  Task task;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.channels = 2;
  task.classes = 3;
  task.side = 8;
  method.build(task);
  torch::nn::Module& network = method.network();
  for (auto& [name, tensor] : module_state(network)) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(torch::kFloat64));
  }
  Random random(11);
  const torch::Tensor images = torch::empty({6, 2, 8, 8}, torch::kFloat64);
  fill_normal(images, 1, random);
  const torch::Tensor labels = torch::tensor({0, 1, 2, 2, 1, 0}, torch::kInt64);
  network.train();
  const auto loss = [&] { return method.loss(method.outputs(images), labels); };
  loss().backward();
  for (const auto& entry : network.named_parameters()) {
    torch::Tensor p = entry.value();
    if (!p.grad().defined()) continue;
    const torch::NoGradGuard no_grad;
    // Along one random direction: all of a tensor's derivatives at once. A step so short that no ReLU switches.
    const torch::Tensor direction = torch::empty_like(p);
    fill_normal(direction, 1, random);
    const double step = 1e-8, analytic = (p.grad() * direction).sum().item<double>();
    const torch::Tensor start = p.clone();
    p.copy_(start + step * direction);
    const double above = loss().item<double>();
    p.copy_(start - step * direction);
    const double below = loss().item<double>();
    p.copy_(start);
    EXPECT_NEAR((above - below) / (2 * step), analytic, 1e-6 + 1e-5 * std::abs(analytic)) << entry.key();
  }
}

INSTANTIATE_TEST_SUITE_P(PlainMethods, LossGradient,
                         testing::Values("xent", "cosine", "cosine-xent", "dsk", "fconv", "harmonic", "tvmf",
                                         "scattering", "auxilearn"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace scant
