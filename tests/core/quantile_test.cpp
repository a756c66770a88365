// The quantile rule against values of numpy.percentile.
#include "harness/core/quantile.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace scant {
namespace {

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({10, 20}, 0.9), 19);
  EXPECT_DOUBLE_EQ(quantile({5, 7}, 0), 5);
  EXPECT_DOUBLE_EQ(quantile({5, 7}, 1), 7);
  EXPECT_DOUBLE_EQ(quantile({42}, 0.3), 42);
  EXPECT_THROW(quantile({}, 0.5), std::invalid_argument);
}

}  // namespace
}  // namespace scant
