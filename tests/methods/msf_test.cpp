// MSF's training: what the target network does, what the bank holds, and that the online network sees queries alone.
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

const Json small_msf{{"batch_size", 8}, {"bank", 64}, {"dim", 8}, {"hidden", 16}, {"neighbours", 2}};

TEST(Msf, TheBankHoldsHalfOfTheTrainingImagesAtMost) {
  const auto method = test::tiny_method("msf", small_msf, 2);
  test::train(*method, test::tiny_samples(), 2);
  const auto state = test::tensors_of(*method);
  EXPECT_TRUE(state.at("bank_ring").equal(torch::tensor({0, 16, 16}, torch::kInt64)));
  const torch::Tensor images = std::get<0>(state.at("bank.images").narrow(0, 0, 16).sort());
  EXPECT_TRUE(images.narrow(0, 1, 15).gt(images.narrow(0, 0, 15)).all().item<bool>()) << "no image twice";
  EXPECT_LT((state.at("bank.features").narrow(0, 0, 16).norm(2, 1) - 1).abs().max().item<double>(), 1e-5);
  EXPECT_EQ(state.at("bank.features").narrow(0, 16, 48).abs().sum().item<double>(), 0);
}

TEST(Msf, TheTargetFollowsTheOnlineNetwork) {
  for (const double momentum : {0.0, 1.0}) {
    Json params = small_msf;
    params["target_momentum"] = momentum;
    const auto method = test::tiny_method("msf", params, 2);
    const std::string name = "projector.layers.0.weight";
    const auto before = test::tensors_of(*method);
    EXPECT_TRUE(before.at("target_" + name).equal(before.at(name))) << "a copy at first";
    test::train(*method, test::tiny_samples(), 1);
    const auto after = test::tensors_of(*method);
    EXPECT_FALSE(after.at(name).equal(before.at(name)));
    EXPECT_EQ(after.at("target_" + name).equal(before.at("target_" + name)), momentum == 1);
  }
}

TEST(Msf, QueryAndTargetAreViewsOfTheirOwn) {
  const auto method = test::tiny_method("msf", small_msf, 2);
  const Batch batch = method->draw(test::tiny_samples(), {0, 1, 2}, 0);
  EXPECT_EQ(batch.images.sizes(), (std::vector<std::int64_t>{3, 3, 8, 8}));
  EXPECT_EQ(batch.local.sizes(), batch.images.sizes());
  EXPECT_FALSE(batch.local.equal(batch.images));
}

TEST(Msf, WatchesThePurityOfNeighbours) {
  const auto method = test::tiny_method("msf", small_msf, 2);
  const Progress progress = test::train(*method, test::tiny_samples(), 2);
  const std::vector<double>& purity = progress.diagnostics.at("neighbour_purity");
  ASSERT_EQ(purity.size(), 2U);
  EXPECT_GE(purity.back(), 0.5) << "of two neighbours one is the entry itself";
  EXPECT_LE(purity.back(), 1);
}

TEST(Msf, RefusesABankBelowABatch) {
  EXPECT_THROW(test::tiny_method("msf", {{"batch_size", 8}, {"bank", 7}}, 1), InputError);
}

}  // namespace
}  // namespace scant
