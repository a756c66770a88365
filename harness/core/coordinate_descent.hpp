// Search along one coordinate of a grid after the other: for few hyper-parameters that hardly interact it needs a
// small share of the grid's evaluations. Where two interact, it may stop short of the best point.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace scant {

/// One hyper-parameter and its values, in the order in which they are walked; not empty.
struct GridAxis {
  std::string name;
  std::vector<double> values;
};

/// What a point of the grid, one value an axis, is worth; larger is better.
using GridScore = std::function<double(const std::vector<double>&)>;

/// Where the search stands when a coordinate has been walked.
struct CoordinateStep {
  std::size_t axis = 0;
  std::vector<double> point;
  double value = 0;
  int evaluations = 0;  // so far; a point that is asked for again costs nothing
};

/// From the grid point `start` (indices into the axes' values): walks up the first axis as long as the score rises; if
/// it does not rise at all, down. Then the next axis, and again from the first until no coordinate moves. One step a
/// coordinate walked, those of the last round included, which move nothing. Throws InputError for a start off the grid.
std::vector<CoordinateStep> coordinate_descent(const std::vector<GridAxis>& axes, std::vector<std::size_t> start,
                                               const GridScore& score);

/// The score of the grid's best point, and how many points there are.
struct GridOptimum {
  double value = 0;
  std::size_t points = 0;
};
GridOptimum best_of_grid(const std::vector<GridAxis>& axes, const GridScore& score);

}  // namespace scant
