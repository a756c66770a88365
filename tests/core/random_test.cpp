// Philox against published vectors, and the draws built on it against their distributions.
#include "harness/core/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace scant {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known answers of Random123 (kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(philox(ones, ones, ones), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // Counter and key are the digits of pi, little word first.
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, SequenceIsNamedBySeedAndSubstream) {
  Random a(7, 3), again(7, 3), other_seed(8, 3), other_stream(7, 4);
  const auto first = a.bits();
  EXPECT_EQ(first, again.bits());
  EXPECT_NE(first, other_seed.bits());
  EXPECT_NE(first, other_stream.bits());
  EXPECT_EQ(first, philox(7, 3, 0)[0]);
  for (int i = 1; i < 4; ++i) a.bits();
  EXPECT_EQ(a.bits(), philox(7, 3, 1)[0]);  // the fifth word starts the next block
}

TEST(Random, UniformFillsItsRange) {
  Random random(1);
  double sum = 0, low = 1, high = 0;
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    const double x = random.uniform();
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  EXPECT_NEAR(sum / n, 0.5, 0.01);
  EXPECT_LT(low, 0.001);
  EXPECT_GT(high, 0.999);
  const double scaled = random.uniform(-3, -2);
  EXPECT_GE(scaled, -3);
  EXPECT_LT(scaled, -2);
}

TEST(Random, BelowIsEvenForAwkwardN) {
  Random random(2);
  std::map<std::uint64_t, int> counts;
  for (int i = 0; i < 21000; ++i) ++counts[random.below(7)];
  ASSERT_EQ(counts.size(), 7u);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 3000, 250) << value;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0u);
  const std::uint64_t huge = (std::uint64_t{1} << 63) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(huge), huge);
}

TEST(Random, NormalHasUnitMoments) {
  Random random(3);
  const int n = 40000;
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / n, 0, 0.02);
  EXPECT_NEAR(squares / n, 1, 0.03);
  EXPECT_NEAR(fourth / n, 3, 0.25);
}

TEST(Random, ShuffleKeepsEveryElementAndReachesEveryOrder) {
  std::map<std::vector<int>, int> orders;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    std::vector<int> values{0, 1, 2};
    Random(seed).shuffle(values);
    EXPECT_THAT(values, testing::UnorderedElementsAre(0, 1, 2));
    ++orders[values];
  }
  ASSERT_EQ(orders.size(), 6u);
  for (const auto& [order, count] : orders) EXPECT_NEAR(count, 1000, 150);
  std::vector<int> none;
  Random(1).shuffle(none);
  EXPECT_TRUE(none.empty());
}

TEST(SeedOf, IsTheHeadOfADigest) {
  // Expected: printf 'a|b' | sha256sum | cut -c1-16.
  EXPECT_EQ(seed_of("a", "b"), 0x0eab8a0a3380abf4u);
  EXPECT_NE(seed_of("a", "b"), seed_of("a", "c"));
  EXPECT_NE(seed_of("a", "b"), seed_of("b", "b"));
}

}  // namespace
}  // namespace scant
