// SwAV's training: when prototypes move, when the queue fills, and what its crops are.
#include "harness/core/error.hpp"
#include "tests/methods/resuming.hpp"

namespace scant {
namespace {

const Json small_swav{{"batch_size", 8}, {"prototypes", 6}, {"queue", 12},
                      {"dim", 8},        {"hidden", 16},    {"small_crops", 2}};

Json with_option(const char* name, const Json& value) {
  Json params = small_swav;
  params[name] = value;
  return params;
}

TEST(Swav, PrototypesStayInTheFirstEpochsAndMoveThen) {
  const auto method = test::tiny_method("swav", with_option("frozen_epochs", 2), 4);
  const auto prototypes = [&] { return test::tensors_of(*method).at("prototypes.weight"); };
  const torch::Tensor before = prototypes(), directions = before / before.norm(2, 1, true);
  Progress progress = test::train(*method, test::tiny_samples(), 2);
  EXPECT_LT((prototypes() - directions).abs().max().item<double>(), 1e-6);
  test::train(*method, test::tiny_samples(), 3, progress);
  EXPECT_GT((prototypes() - directions).abs().max().item<double>(), 1e-4);
}

TEST(Swav, TheQueueFillsFromItsEpochOn) {
  const auto method = test::tiny_method("swav", with_option("queue_from", 0.5), 4);
  const Progress progress = test::train(*method, test::tiny_samples(), 2);
  auto state = test::tensors_of(*method);
  EXPECT_EQ(state.at("queue_held").item<std::int64_t>(), 0);
  EXPECT_EQ(state.at("queue.features").abs().sum().item<double>(), 0);
  test::train(*method, test::tiny_samples(), 3, progress);
  state = test::tensors_of(*method);
  EXPECT_EQ(state.at("queue_held").item<std::int64_t>(), 12);
  EXPECT_LT((state.at("queue.features").norm(2, 2) - 1).abs().max().item<double>(), 1e-5);
}

TEST(Swav, ResumesWithAFullQueue) {
  test::expect_resuming("swav", small_swav, 3, 4);
}

TEST(Swav, SmallCropsComeBesideTheLargeOnes) {
  const auto method = test::tiny_method("swav", small_swav),
             without = test::tiny_method("swav", with_option("small_crops", 0), 1);
  const Batch batch = method->draw(test::tiny_samples(), {0, 1, 2}, 0);
  EXPECT_EQ(batch.images.sizes(), (std::vector<std::int64_t>{6, 3, 8, 8}));
  EXPECT_EQ(batch.local.sizes(), (std::vector<std::int64_t>{6, 3, 4, 4}));
  EXPECT_FALSE(without->draw(test::tiny_samples(), {0, 1, 2}, 0).local.defined());
  EXPECT_EQ(test::train(*without, test::tiny_samples(), 1).epochs_done, 1);
}

TEST(Swav, TrainsWithoutAQueue) {
  const auto method = test::tiny_method("swav", with_option("queue", 0), 2);
  EXPECT_EQ(test::train(*method, test::tiny_samples(), 2).epochs_done, 2);
  EXPECT_FALSE(test::tensors_of(*method).contains("queue_held"));
}

TEST(Swav, NeedsTwoWholeViews) {
  EXPECT_THROW(test::tiny_method("swav", with_option("recipe", "trex"), 1), InputError);
  EXPECT_NO_THROW(test::tiny_method("swav", with_option("recipe", "swav-two-crops"), 1));
}

}  // namespace
}  // namespace scant
