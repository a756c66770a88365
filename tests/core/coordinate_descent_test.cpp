// Coordinate descent on grids whose best point is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/coordinate_descent.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

const std::vector<GridAxis> axes{{"x", {0, 1, 2, 3, 4}}, {"y", {0, 1, 2, 3}}};

TEST(CoordinateDescent, FindsTheTopOfAHillWithoutInteraction) {
  const GridScore hill = [](const std::vector<double>& p) {
    return -(p[0] - 3) * (p[0] - 3) - (p[1] - 1) * (p[1] - 1);
  };
  const auto steps = coordinate_descent(axes, {0, 3}, hill);
  ASSERT_EQ(steps.size(), 4u) << "one round that moves, one that does not";
  EXPECT_THAT(steps[0].point, testing::ElementsAre(3, 3));
  EXPECT_EQ(steps[0].evaluations, 5) << "the start, three steps up, one too far";
  EXPECT_THAT(steps.back().point, testing::ElementsAre(3, 1));
  EXPECT_EQ(steps.back().value, 0);
  EXPECT_EQ(best_of_grid(axes, hill).points, 20u);
  EXPECT_EQ(best_of_grid(axes, hill).value, 0);
}

TEST(CoordinateDescent, AsksForNoPointTwice) {
  std::vector<std::vector<double>> asked;
  const auto steps = coordinate_descent(axes, {2, 2}, [&](const std::vector<double>& p) {
    asked.push_back(p);
    return -p[0] - p[1];
  });
  EXPECT_EQ(steps.back().evaluations, std::ssize(asked));
  std::sort(asked.begin(), asked.end());
  EXPECT_EQ(std::adjacent_find(asked.begin(), asked.end()), asked.end());
  EXPECT_THAT(steps.back().point, testing::ElementsAre(0, 0));
}

TEST(CoordinateDescent, ADiagonalRidgeStopsIt) {
  const GridScore ridge = [](const std::vector<double>& p) { return p[0] == p[1] ? p[0] : -10 - p[0]; };
  EXPECT_EQ(coordinate_descent(axes, {0, 0}, ridge).back().value, 0);
  EXPECT_EQ(best_of_grid(axes, ridge).value, 3);
}

TEST(CoordinateDescent, RefusesAStartOffTheGrid) {
  const GridScore flat = [](const std::vector<double>&) { return 1.0; };
  EXPECT_THROW(coordinate_descent(axes, {5, 0}, flat), InputError);
  EXPECT_THROW(coordinate_descent(axes, {0}, flat), InputError);
  EXPECT_EQ(coordinate_descent(axes, {0, 0}, flat).size(), 2u) << "a tie is no improvement";
}

}  // namespace
}  // namespace scant
