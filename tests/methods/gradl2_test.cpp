// One pass or two: the penalty's saving in "fixed" changes no update, only how far statistics move.
#include <gtest/gtest.h>

#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

std::unique_ptr<GradientMethod> built_gradl2(const std::string& backbone, const char* compat, const Json& params) {
  std::unique_ptr<Method> made = methods().at("gradl2").make(params);
  std::unique_ptr<GradientMethod> method(dynamic_cast<GradientMethod*>(made.release()));
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.trial.compat = compat;
  task.classes = 3;
  task.side = 16;
  method->build(task);
  // A trial's seeds depend on its compat, so the weights are filled anew.
  Random random(3);
  for (auto& [name, tensor] : module_state(method->network())) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(torch::kFloat64));
    const torch::NoGradGuard no_grad;
    if (tensor.dim() >= 2) fill_normal(tensor, std::sqrt(2.0 * tensor.size(0) / tensor.numel()), random);
    if (name.ends_with("fc.bias")) tensor.zero_();
  }
  return method;
}

/// All gradients of one training step.
std::vector<torch::Tensor> gradients(GradientMethod& method) {
  Random random(7);
  Batch batch;
  batch.images = torch::empty({4, 3, 16, 16}, torch::kFloat64);
  fill_normal(batch.images, 1, random);
  batch.labels = torch::tensor({0, 1, 2, 1}, torch::kInt64);
  method.network().train();
  method.training_loss(batch, method.outputs(batch.images)).backward();
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& p : method.network().parameters()) result.push_back(p.grad());
  return result;
}

TEST(GradL2, OnePassGivesTheGradientsOfTwo) {
  for (const bool bn : {true, false}) {
    for (const std::string backbone : {"wrn-10-1", "rn20"}) {
      if (!bn && backbone == "wrn-10-1") continue;  // another network: its shortcuts pass a ReLU in the reference
      const Json params{{"weight", 0.3}, {"bn", bn}};
      const auto one = built_gradl2(backbone, "fixed", params), two = built_gradl2(backbone, "gem", params);
      const auto a = gradients(*one), b = gradients(*two);
      ASSERT_EQ(a.size(), b.size());
      for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(a[i].defined(), b[i].defined()) << backbone << " " << i;
        if (!a[i].defined()) continue;
        EXPECT_LT((a[i] - b[i]).abs().max().item<double>(), 1e-7 * (1 + b[i].abs().max().item<double>()))
            << backbone << (bn ? " with" : " without") << " normalisation, parameter " << i;
      }
      EXPECT_TRUE(one->network().buffers().empty() != bn);
    }
  }
}

TEST(GradL2, StatisticsMoveTwiceInGemOnly) {
  const auto one = built_gradl2("wrn-10-1", "fixed", Json::object()),
             two = built_gradl2("wrn-10-1", "gem", Json::object());
  gradients(*one);
  gradients(*two);
  const auto a = one->network().named_buffers(), b = two->network().named_buffers();
  for (const auto& entry : a) {
    if (!entry.key().ends_with("running_mean")) continue;
    // From 0: m after one move, m + 0.9 m after two.
    EXPECT_TRUE(torch::allclose(1.9 * entry.value(), b[entry.key()])) << entry.key();
  }
}

TEST(GradL2, ThePenaltyHasADerivative) {
  const auto with = built_gradl2("wrn-10-1", "fixed", {{"weight", 1.0}}),
             without = built_gradl2("wrn-10-1", "fixed", {{"weight", 0.0}});
  EXPECT_FALSE(gradients(*with).front().allclose(gradients(*without).front()));
}

}  // namespace
}  // namespace scant
