// t-ReX's training: the memory of class means, the crops, and how t-ReX* differs.
#include <cmath>

#include "methods/parts/contrastive_method.hpp"
#include "tests/methods/resuming.hpp"

namespace scant {
namespace {

const Json small_trex{{"batch_size", 8}, {"dim", 8}, {"hidden", 16}, {"small_crops", 2}};

TEST(Trex, RemembersAQuarterOfTheTrainingImagesAtMost) {
  const auto method = test::tiny_method("trex", small_trex, 2);
  test::train(*method, test::tiny_samples(), 2);
  const auto state = test::tensors_of(*method);
  EXPECT_EQ(state.at("memory_ring")[2].item<std::int64_t>(), 8);
  EXPECT_GE(state.at("memory.labels").narrow(0, 0, 8).min().item<std::int64_t>(), 0);
  EXPECT_EQ(state.at("memory.labels").narrow(0, 8, 24).max().item<std::int64_t>(), -1);
}

TEST(Trex, TheFirstStepKnowsNoClass) {
  const auto made = test::tiny_method("trex", small_trex, 1);
  auto& method = dynamic_cast<ContrastiveMethod&>(*made);
  method.network().train();
  const Batch batch = method.draw(test::tiny_samples(), {0, 1, 2, 3, 4, 5, 6, 7}, 0);
  const torch::Tensor features = method.outputs(batch.images)[1];
  EXPECT_NEAR(method.contrast(batch, features).item<double>(), std::log(4.0), 1e-6);
  EXPECT_GT(std::abs(method.contrast(batch, features).item<double>() - std::log(4.0)), 1e-4);
}

TEST(Trex, ResumesWithAWrappedMemory) {
  test::expect_resuming("trex", small_trex, 2, 4);
}

TEST(Trex, OneLargeCropAndSmallOnes) {
  const auto method = test::tiny_method("trex", small_trex, 1);
  const Batch batch = method->draw(test::tiny_samples(), {0, 1, 2}, 0);
  EXPECT_EQ(batch.images.sizes(), (std::vector<std::int64_t>{3, 3, 8, 8}));
  EXPECT_EQ(batch.local.sizes(), (std::vector<std::int64_t>{6, 3, 4, 4}));
}

TEST(Trex, LearnsWithWeightsInsteadOfMeans) {
  Json params = small_trex;
  params["classifier"] = "weights";
  const auto method = test::tiny_method("trex", params, 6);
  const Progress progress = test::train(*method, test::tiny_samples(), 6);
  EXPECT_LT(progress.loss.back(), progress.loss.front());
  EXPECT_FALSE(test::tensors_of(*method).contains("memory_ring"));
}

TEST(Trex, TheStarHasOneHiddenLayerAndLargerCrops) {
  const auto deep = test::tiny_method("trex", small_trex, 1), star = test::tiny_method("trex-star", small_trex, 1);
  EXPECT_TRUE(test::tensors_of(*deep).contains("projector.layers.3.fc.weight"));
  EXPECT_FALSE(test::tensors_of(*star).contains("projector.layers.2.fc.weight"));
  const auto recipes = [](GradientMethod& method) { return dynamic_cast<ContrastiveMethod&>(method).recipes(); };
  EXPECT_EQ(recipes(*deep).front().min_scale, 0.25);
  EXPECT_EQ(recipes(*star).front().min_scale, 0.4);
  EXPECT_EQ(recipes(*star).back().max_scale, 0.4);
}

}  // namespace
}  // namespace scant
