// The t-vMF head's range and limits, and where compat = "gem" changes the network.
#include <gtest/gtest.h>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/tvmf_head.hpp"

namespace scant {
namespace {

TEST(TvmfHead, StaysWithinMinusOneAndOneAndPeaksAtItsOwnDirection) {
  for (const double kappa : {-0.3, 0.0, 4.0, 64.0}) {
    Random random(1);
    TvmfHead head(6, 3, kappa, random);
    const torch::NoGradGuard no_grad;
    const torch::Tensor own = head->forward(5 * head->weight), opposite = head->forward(-head->weight);
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(own[c][c].item<double>(), 1, 1e-4) << kappa;
      EXPECT_NEAR(opposite[c][c].item<double>(), -1, 1e-4) << kappa;
    }
    EXPECT_LE(own.abs().max().item<double>(), 1 + 1e-4);
    EXPECT_NEAR(head->scale().item<double>(), 1.6931471805599454, 1e-6);
  }
}

TEST(TvmfHead, AHigherConcentrationLowersTheSimilarityOfOthers) {
  const torch::Tensor features = torch::tensor({{1.0F, 0.5F}});
  double previous = 2;
  for (const double kappa : {0.0, 4.0, 16.0}) {
    Random random(1);
    TvmfHead head(2, 1, kappa, random);
    const torch::NoGradGuard no_grad;
    head->weight.copy_(torch::tensor({{1.0F, 0.0F}}));
    const double similarity = head->forward(features).item<double>();
    EXPECT_LT(similarity, previous);
    previous = similarity;
  }
}

torch::Tensor scores(const std::string& backbone, const std::string& compat) {
  const auto method = methods().at("tvmf").make(Json::object());
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.side = 16;
  task.trial.compat = compat;
  task.trial.seed_base = 1;
  method->build(task);
  // A trial's seeds depend on its compat, so the weights are filled anew.
  auto& gradient = dynamic_cast<GradientMethod&>(*method);
  Random random(3);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : module_state(gradient.network())) {
    if (tensor.dim() >= 2) fill_normal(tensor, 0.1, random);
  }
  const torch::Tensor images = torch::empty({2, 3, 16, 16});
  fill_normal(images, 1, random);
  return method->predict(images);
}

TEST(Tvmf, CompatGemDropsTheStemsReluInTheRn20FamilyOnly) {
  EXPECT_FALSE(scores("rn20", "gem").equal(scores("rn20", "fixed")));
  EXPECT_TRUE(scores("wrn-10-1", "gem").equal(scores("wrn-10-1", "fixed")));
}

}  // namespace
}  // namespace scant
