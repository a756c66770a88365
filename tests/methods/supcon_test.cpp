// SupCon: the second stage trains the classifier alone, the joint form the encoder by both losses.
#include <gtest/gtest.h>

#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

TEST(SupConMethod, TheSecondStageLeavesTheEncoderAsItIs) {
  const auto method = test::tiny_method("supcon", {{"batch_size", 16}, {"dim", 16}, {"contrast_share", 0.5}}, 4);
  const Samples samples = test::tiny_samples();
  const Progress half = test::train(*method, samples, 2);
  const auto before = test::tensors_of(*method);
  test::train(*method, samples, 4, half);
  const auto after = test::tensors_of(*method);
  int compared = 0, moved = 0;
  for (const auto& [name, tensor] : before) {
    const bool classifier = name.starts_with("encoder.fc.");
    if (name.starts_with("encoder.") && !classifier) {
      EXPECT_TRUE(after.at(name).equal(tensor)) << name;
      ++compared;
    }
    if (classifier && !after.at(name).equal(tensor)) ++moved;
  }
  EXPECT_GT(compared, 20);
  EXPECT_EQ(moved, 2);
}

TEST(SupConMethod, OneStageAloneAndBothFormsAndTheJointLossTrain) {
  const Samples samples = test::tiny_samples();
  for (const Json& params : {Json{{"contrast_share", 0.0}}, Json{{"contrast_share", 1.0}}, Json{{"form", "in"}},
                             Json{{"training", "joint"}, {"xent_weight", 0.5}}}) {
    Json all{{"batch_size", 16}, {"dim", 16}};
    all.update(params);
    const auto method = test::tiny_method("supcon", all, 2);
    const Progress progress = test::train(*method, samples, 2);
    EXPECT_TRUE(std::isfinite(progress.loss.back())) << params.dump();
    EXPECT_TRUE(method->predict(samples.plain(0, 3).images).isfinite().all().item<bool>()) << params.dump();
  }
}

}  // namespace
}  // namespace scant
