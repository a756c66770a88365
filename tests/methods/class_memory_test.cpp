// t-ReX's memory of class means, its cosine classifier and its projector.
#include "methods/parts/class_memory.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "methods/parts/cosine_classifier.hpp"
#include "methods/parts/expendable_projector.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::integers;

TEST(ClassMemory, PrototypesAreDirectionsOfSumsAndZerosForAbsentClasses) {
  ClassMemory memory(4, 2, 3);
  EXPECT_EQ(memory->prototypes().abs().sum().item<double>(), 0) << "nothing is remembered yet";
  memory->update(torch::tensor({3.0F, 0.0F, 0.0F, 1.0F, 0.0F, 5.0F}).view({3, 2}), integers({0, 0, -1}));
  const torch::Tensor prototypes = memory->prototypes();
  const float longest = 3 / std::sqrt(10.0F), shortest = 1 / std::sqrt(10.0F);
  EXPECT_TRUE(torch::allclose(prototypes[0], torch::tensor({longest, shortest}))) << "long embeddings weigh more";
  EXPECT_EQ(prototypes.narrow(0, 1, 2).abs().sum().item<double>(), 0);
}

TEST(ClassMemory, DropsWhatPassesTheEnd) {
  ClassMemory memory(4, 1, 9);
  const auto rows = [](float value, std::int64_t n) { return torch::full({n, 1}, value); };
  memory->update(rows(1, 3), integers({1, 2, 3}));
  memory->update(rows(2, 3), integers({4, 5, 6}));
  EXPECT_TRUE(memory->labels.equal(integers({1, 2, 3, 4})));
  EXPECT_EQ(memory->ring.position(), 0);
  memory->update(rows(3, 1), integers({7}));
  EXPECT_TRUE(memory->labels.equal(integers({7, 2, 3, 4})));
  EXPECT_TRUE(memory->features.flatten().equal(torch::tensor({3.0F, 1.0F, 1.0F, 2.0F})));
}

TEST(CropCrossEntropy, LeavesUnlabelledImagesOut) {
  const torch::Tensor logits = torch::tensor({2.0F, 0.0F, -1.0F, 1.0F, 0.5F, 0.0F, 9.0F, -9.0F}).view({4, 2});
  const torch::Tensor labelled = torch::stack({logits[0], logits[2]});
  EXPECT_FLOAT_EQ(crop_cross_entropy(logits, integers({1, -1})).item<float>(),
                  crop_cross_entropy(labelled, integers({1})).item<float>());
  EXPECT_EQ(crop_cross_entropy(logits, integers({-1, -1})).item<float>(), 0);
}

TEST(CosineLogits, IgnoreLengthsUnlessTheTemperatureIsZero) {
  const torch::Tensor x = torch::tensor({3.0F, 4.0F}).view({1, 2}), weights = torch::tensor({0.0F, 2.0F}).view({1, 2});
  EXPECT_FLOAT_EQ(cosine_logits(x, weights, 0.1).item<float>(), 8);
  EXPECT_FLOAT_EQ(cosine_logits(x, weights, 0).item<float>(), 8);
  EXPECT_FLOAT_EQ(cosine_logits(5 * x, 3 * weights, 0.1).item<float>(), 8);
  EXPECT_FLOAT_EQ(cosine_logits(5 * x, 3 * weights, 0).item<float>(), 120);
}

TEST(ExpendableProjector, SeesDirectionsOfFeaturesAlone) {
  Random random(1);
  ExpendableProjector projector(3, 8, 2, 4, random);
  const torch::Tensor x = torch::tensor({1.0F, 2.0F, 3.0F, -1.0F, 0.5F, 2.0F}).view({2, 3});
  EXPECT_TRUE(torch::allclose(projector->forward(x), projector->forward(7 * x), 1e-4, 1e-5));
  EXPECT_EQ(projector->parameters().size(), 2U * 4 + 1) << "weight and bias of each linear layer and normalisation";
}

}  // namespace
}  // namespace scant
