// Ranks in one process, which stand in for devices that gather rows from each other.
#include <gtest/gtest.h>

#include "harness/conform/ranks.hpp"

namespace scant {
namespace {

TEST(Ranks, ExchangeRowsGradientsAndSums) {
  constexpr int ranks = 3;
  std::vector<torch::Tensor> own(ranks), all(ranks), sums(ranks);
  run_ranks(ranks, [&](Gather& gather) {
    const auto rank = static_cast<std::size_t>(gather.rank());
    own[rank] = torch::full({2, 1}, 10.0 * gather.rank(), torch::kFloat64).requires_grad_(true);
    all[rank] = gather.rows(own[rank]);
    sums[rank] = gather.sum(own[rank]);
    (all[rank] * (gather.rank() + 1)).sum().backward();
  });
  const torch::Tensor expected = torch::tensor({0, 0, 10, 10, 20, 20}, torch::kFloat64).view({6, 1});
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    EXPECT_TRUE(all[rank].equal(expected));
    EXPECT_TRUE(sums[rank].equal(torch::full({2, 1}, 30.0, torch::kFloat64)));
    EXPECT_TRUE(own[rank].grad().equal(torch::full({2, 1}, 6.0, torch::kFloat64))) << "1 + 2 + 3";
  }
}

TEST(Ranks, AFailureOfOneReachesTheCaller) {
  EXPECT_THROW(run_ranks(2,
                         [](Gather& gather) {
                           if (gather.rank() == 1) throw std::runtime_error("rank 1");
                           gather.sum(torch::ones({1}));
                         }),
               std::runtime_error);
}

TEST(Gather, AloneIsTheOnlyRank) {
  const torch::Tensor own = torch::ones({2, 3}).requires_grad_(true);
  EXPECT_EQ(alone().ranks(), 1);
  EXPECT_TRUE(alone().rows(own).is_same(own));
  EXPECT_FALSE(alone().sum(own).requires_grad());
}

}  // namespace
}  // namespace scant
