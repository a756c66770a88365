// Momentum contrast and hard negative mixing as whole methods: the queue's content, sizes that cannot work, warm-up.
#include <gtest/gtest.h>

#include <set>

#include "harness/core/error.hpp"
#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

const Json small_moco{{"batch_size", 8}, {"queue", 40}, {"dim", 8}};

Json with(Json params, const Json& more) {
  params.update(more);
  return params;
}

TEST(MocoMethod, TheQueueHoldsTheLastStepsKeysAndWhoseTheyAre) {
  for (const bool symmetric : {true, false}) {
    const auto method = test::tiny_method("moco", with(small_moco, {{"symmetric", symmetric}}), 2);
    const Progress first = test::train(*method, test::tiny_samples(), 1);
    auto state = test::tensors_of(*method);
    const torch::Tensor owners = state.at("queue.owners"), keys = state.at("queue.keys");
    EXPECT_TRUE(torch::allclose(keys.norm(2, 0), torch::ones({40}), 1e-4, 1e-5));
    // 32 images in 4 steps: 64 keys, of which 40 are kept and the next goes behind the 24 that came round; or 32.
    EXPECT_EQ(state.at("queue.position").item<std::int64_t>(), symmetric ? 24 : 32);
    EXPECT_EQ(owners.eq(-1).sum().item<std::int64_t>(), symmetric ? 0 : 8);
    std::set<std::int64_t> distinct(owners.data_ptr<std::int64_t>(), owners.data_ptr<std::int64_t>() + 40);
    EXPECT_EQ(distinct.size(), symmetric ? 24U : 33U);
    const auto next = test::train(*method, test::tiny_samples(), 2, first);
    EXPECT_TRUE(std::isfinite(next.loss.back()));
  }
}

TEST(MocoMethod, AQueueShorterThanAStepsKeysIsRefused) {
  EXPECT_THROW(test::tiny_method("moco", {{"batch_size", 8}, {"queue", 15}}), InputError);
  EXPECT_NO_THROW(test::tiny_method("moco", {{"batch_size", 8}, {"queue", 16}}));
  EXPECT_NO_THROW(test::tiny_method("moco", {{"batch_size", 8}, {"queue", 8}, {"symmetric", false}}));
}

TEST(MocoMethod, NoGradientReachesTheKeyNetwork) {
  const auto method = test::tiny_method("moco", small_moco);
  for (const auto& entry : method->network().named_parameters()) {
    if (!entry.key().starts_with("key_")) continue;
    EXPECT_FALSE(entry.value().requires_grad()) << entry.key();
  }
}

TEST(MochiMethod, SizesMustFitTheQueue) {
  EXPECT_THROW(test::tiny_method("mochi", with(small_moco, {{"hardest", 41}})), InputError);
  EXPECT_THROW(test::tiny_method("mochi", with(small_moco, {{"hardest", 1}})), InputError);
  EXPECT_NO_THROW(test::tiny_method("mochi", with(small_moco, {{"hardest", 1}, {"pair_mixtures", 0}})));
}

TEST(MochiMethod, MixturesComeAfterTheWarmUpAndMakeTheTaskHarder) {
  const Samples samples = test::tiny_samples();
  const auto losses = [&](double warm_up) {
    const auto method =
        test::tiny_method("mochi", with(small_moco, {{"hardest", 16}, {"lr", 0}, {"warm_up", warm_up}}), 2);
    return test::train(*method, samples, 2).loss;
  };
  const auto late = losses(0.5), early = losses(0);
  // 192 synthetic negatives that are closer than the 40 real ones.
  EXPECT_GT(late[1], late[0] + 0.5);
  EXPECT_GT(early[0], late[0] + 0.5);
}

}  // namespace
}  // namespace scant
