// Training strategies around contrastive methods: cycles, growing views, hard positives.
#include "methods/parts/efficient_training.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "tests/methods/resuming.hpp"

namespace scant {
namespace {

TEST(EfficientTraining, DefaultsChangeNothing) {
  const EfficientTraining plain;
  EXPECT_FALSE(plain.cyclic());
  EXPECT_FALSE(plain.chooses(5));
  const std::vector<ViewRecipe> views = view_recipes("simclr", 32), same = plain.at(0, 10, 32, views);
  EXPECT_EQ(same.front().size, 0);
  EXPECT_EQ(same.front().min_scale, views.front().min_scale);
  EXPECT_EQ(same.front().colour.brightness, views.front().colour.brightness);
}

TEST(EfficientTraining, EveryCycleRisesFromTheFloorAndFallsBack) {
  EfficientTraining training;
  training.cycle_epochs = 2;
  training.cycle_growth = 2;
  training.cycle_floor = 0.1;
  training.cycle_rise = 0.5;
  EXPECT_EQ(training.cycle_of(1, 100).begin, 0);
  EXPECT_EQ(training.cycle_of(5, 100).begin, 2);
  EXPECT_EQ(training.cycle_of(5, 100).length, 4);
  const Cycle steps{.index = 1, .begin = 20, .length = 40};
  EXPECT_DOUBLE_EQ(training.rate(3, 20, steps), 0.3);
  EXPECT_DOUBLE_EQ(training.rate(3, 30, steps), 0.3 + 2.7 / 2);
  EXPECT_DOUBLE_EQ(training.rate(3, 40, steps), 3);
  EXPECT_NEAR(training.rate(3, 59, steps), 0.3, 0.03);
}

TEST(EfficientTraining, TrainingsOfOtherLengthsShareTheirFirstCycles) {
  EfficientTraining training;
  training.cycle_epochs = 3;
  training.first_resolution = 0.5;
  for (int epoch = 0; epoch < 6; ++epoch) {
    EXPECT_EQ(training.at(epoch, 6, 32, {ViewRecipe{}}).front().size,
              training.at(epoch, 12, 32, {ViewRecipe{}}).front().size);
  }
}

TEST(EfficientTraining, ViewsGrowInStepsAndAreWholeInTheLastQuarter) {
  EfficientTraining training;
  training.first_resolution = 0.5;
  training.first_magnitude = 0.5;
  ViewRecipe whole{.min_scale = 0.2}, small{.size = 18, .min_scale = 0.1, .max_scale = 0.5};
  std::vector<int> sides, small_sides;
  for (int epoch = 0; epoch < 8; ++epoch) {
    const std::vector<ViewRecipe> views = training.at(epoch, 8, 32, {whole, small});
    sides.push_back(views[0].size);
    small_sides.push_back(views[1].size);
  }
  EXPECT_THAT(sides, ::testing::ElementsAre(16, 20, 20, 24, 28, 28, 0, 0));  // 0: whole
  EXPECT_EQ(small_sides.front(), 18 * 16 / 32);
  EXPECT_EQ(small_sides.back(), 18);
  const ViewRecipe first = training.at(0, 8, 32, {whole, small})[0];
  EXPECT_DOUBLE_EQ(first.min_scale, 0.6);  // half as far from the whole image
  EXPECT_DOUBLE_EQ(first.colour.brightness, 0.2);
  EXPECT_DOUBLE_EQ(first.colour.grey, 0.1);
  const ViewRecipe tame = training.at(0, 8, 32, {whole, small})[1];
  EXPECT_LE(tame.min_scale, tame.max_scale);
  EXPECT_EQ(training.at(0, 8, 224, {whole}).front().size, 128);  // 112 in steps of 32
}

TEST(EfficientTraining, TheChosenPairIsOfBothKindsAndLeastAlike) {
  EfficientTraining training;
  training.candidates = 4;  // views 0, 2 of the first kind, 1, 3 of the second
  training.hardness = 1;
  // One image; angles of its candidates' features.
  const auto features = [](const std::vector<double>& angles) {
    std::vector<torch::Tensor> rows;
    for (const double a : angles) rows.push_back(torch::tensor({std::cos(a), std::sin(a)}, torch::kFloat64));
    return torch::stack(rows);
  };
  const auto pair = [&](const std::vector<double>& angles) {
    const torch::Tensor rows = training.chosen(features(angles), 1);
    return std::pair(rows[0].item<std::int64_t>(), rows[1].item<std::int64_t>());
  };
  EXPECT_EQ(pair({0, 0.5, 0.1, 2}), (std::pair<std::int64_t, std::int64_t>(0, 3)));
  // 0 and 2 are least alike of all, but of one kind.
  EXPECT_EQ(pair({0, 1, 3, 1.2}), (std::pair<std::int64_t, std::int64_t>(2, 1)));
  training.hardness = 0;
  EXPECT_EQ(pair({0, 0.5, 0.1, 2}), (std::pair<std::int64_t, std::int64_t>(2, 1)));
}

TEST(EfficientTraining, RowsAreThoseOfTheirOwnImage) {
  EfficientTraining training;
  training.candidates = 6;
  const torch::Tensor features = torch::arange(6 * 5 * 7).mul(0.7).sin().view({6 * 5, 7});
  const torch::Tensor rows = training.chosen(features, 5);
  ASSERT_EQ(rows.size(0), 10);
  EXPECT_TRUE(rows.remainder(5).equal(torch::arange(5, torch::kInt64).repeat({2})));
}

TEST(EfficientTraining, ParkedAndContinuedWithAllOfIt) {
  for (const std::string name : {"simclr", "byol", "moco", "swav"}) {
    SCOPED_TRACE(name);
    Json params{{"batch_size", 16}, {"cycle_epochs", 2},    {"first_resolution", 0.5}, {"first_magnitude", 0.25},
                {"candidates", 4},  {"candidates_from", 1}, {"strength", 0.5},         {"lr", 0.01}};
    test::expect_resuming(name, params, 3, 4);
  }
}

TEST(EfficientTraining, MinedViewsAreLessAlikeThanOthers) {
  const auto likeness = [](int candidates) {
    const Json params{{"batch_size", 16}, {"candidates", candidates}, {"candidates_from", 0}, {"hardness", 1}};
    const auto method = test::tiny_method("simclr", params);
    const Samples samples = test::tiny_samples();
    method->network().train();
    const Batch batch = method->draw(samples, {0, 1, 2, 3, 4, 5, 6, 7}, 0);
    EXPECT_EQ(batch.images.size(0), 16);
    EXPECT_TRUE(method->network().is_training());
    const auto views = method->embed(batch.images).chunk(2);
    return torch::cosine_similarity(views[0], views[1]).mean().item<double>();
  };
  EXPECT_LT(likeness(8), likeness(2));
}

TEST(EfficientTraining, WhatCannotGoTogetherIsRefused) {
  EXPECT_THROW(test::tiny_method("simclr", {{"cycle_epochs", 2}, {"warm_up_epochs", 1}}), InputError);
  EXPECT_THROW(test::tiny_method("msf", {{"candidates", 4}, {"batch_size", 16}}), InputError) << "one whole view";
}

}  // namespace
}  // namespace scant
