// CMSF's constraints in training: all of them run, resume to the bit, and use labels as far as they may.
#include "methods/parts/contrastive_method.hpp"
#include "tests/methods/resuming.hpp"

namespace scant {
namespace {

Json params_of(const std::string& constraint) {
  return {{"constraint", constraint}, {"batch_size", 8},  {"bank", 16}, {"dim", 8}, {"hidden", 16}, {"related", 4},
          {"neighbours", 3},          {"cluster_size", 4}};
}

class Constraints : public testing::TestWithParam<std::string> {};

TEST_P(Constraints, ResumesToTheBitAndLearns) {
  const std::vector<double> loss = test::expect_resuming("cmsf", params_of(GetParam()), 2, 6);
  EXPECT_LT(loss.back(), loss.front());
}

INSTANTIATE_TEST_SUITE_P(Every, Constraints, testing::Values("supervised", "semi", "2q", "km"),
                         [](const auto& info) { return "constraint_" + info.param; });

/// The method's own loss of the first step for these labels of eight images.
double loss_for(const std::string& constraint, const std::vector<std::int64_t>& labels) {
  const auto made = test::tiny_method("cmsf", params_of(constraint), 1);
  auto& method = dynamic_cast<ContrastiveMethod&>(*made);
  method.network().train();
  Batch batch = method.draw(test::tiny_samples(), {0, 1, 2, 3, 4, 5, 6, 7}, 0);
  batch.labels = torch::tensor(labels, torch::kInt64);
  return method.contrast(batch, method.outputs(batch.images)[1]).item<double>();
}

TEST(Cmsf, UnlabelledImagesAreLeftOutOrUnconstrained) {
  const std::vector<std::int64_t> none(8, -1);
  EXPECT_EQ(loss_for("supervised", none), 0);
  EXPECT_GT(loss_for("semi", none), 0);
  EXPECT_EQ(loss_for("2q", none), loss_for("2q", {0, 1, 2, 3, 0, 1, 2, 3})) << "it reads no labels";
  EXPECT_NE(loss_for("supervised", {0, 0, 0, 0, 1, 1, 1, 1}), loss_for("supervised", {0, 1, 0, 1, 0, 1, 0, 1}));
}

TEST(Cmsf, ClustersAreFoundAfterEveryEpoch) {
  const auto method = test::tiny_method("cmsf", params_of("km"), 2);
  EXPECT_EQ(test::tensors_of(*method).at("clusters").numel(), 0);
  test::train(*method, test::tiny_samples(), 1);
  const torch::Tensor clusters = test::tensors_of(*method).at("clusters");
  EXPECT_EQ(clusters.size(0), 32);
  EXPECT_GE(clusters.min().item<std::int64_t>(), 0);
  EXPECT_LT(clusters.max().item<std::int64_t>(), 8);
}

}  // namespace
}  // namespace scant
