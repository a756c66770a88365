// Line searches on a grid, and the whole grid for comparison.
#include "harness/core/coordinate_descent.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "harness/core/error.hpp"

namespace scant {
namespace {

using GridPlace = std::vector<std::size_t>;

std::vector<double> point_at(const std::vector<GridAxis>& axes, const GridPlace& place) {
  std::vector<double> point;
  for (std::size_t i = 0; i < axes.size(); ++i) point.push_back(axes[i].values.at(place[i]));
  return point;
}

class Search {
 public:
  Search(const std::vector<GridAxis>& axes, GridPlace start, const GridScore& score)
      : axes_(axes), score_(score), place_(std::move(start)), value_(value_at(place_)) {}

  /// True if the coordinate moved.
  bool walk(std::size_t axis) {
    bool moved = false;
    while (step(axis, 1)) moved = true;
    if (moved) return true;
    while (step(axis, -1)) moved = true;
    return moved;
  }
  CoordinateStep standing(std::size_t axis) const {
    return {axis, point_at(axes_, place_), value_, static_cast<int>(known_.size())};
  }

 private:
  double value_at(const GridPlace& place) {
    const auto known = known_.find(place);
    if (known != known_.end()) return known->second;
    return known_.emplace(place, score_(point_at(axes_, place))).first->second;
  }
  bool step(std::size_t axis, int direction) {
    GridPlace next = place_;
    if (direction < 0 && next[axis] == 0) return false;
    next[axis] += static_cast<std::size_t>(direction);
    if (next[axis] == axes_[axis].values.size()) return false;
    const double value = value_at(next);
    if (!(value > value_)) return false;
    place_ = next;
    value_ = value;
    return true;
  }

  const std::vector<GridAxis>& axes_;
  const GridScore& score_;
  std::map<GridPlace, double> known_;
  GridPlace place_;
  double value_;
};

}  // namespace

std::vector<CoordinateStep> coordinate_descent(const std::vector<GridAxis>& axes, std::vector<std::size_t> start,
                                               const GridScore& score) {
  bool on_grid = start.size() == axes.size();
  for (std::size_t i = 0; on_grid && i < axes.size(); ++i) on_grid = start[i] < axes[i].values.size();
  if (!on_grid) throw InputError("the search starts at a point that is not on its grid");
  Search search(axes, std::move(start), score);
  std::vector<CoordinateStep> steps;
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      moved = search.walk(axis) || moved;
      steps.push_back(search.standing(axis));
    }
  }
  return steps;
}

GridOptimum best_of_grid(const std::vector<GridAxis>& axes, const GridScore& score) {
  GridOptimum best{-std::numeric_limits<double>::infinity(), 0};
  GridPlace place(axes.size(), 0);
  while (true) {
    best.value = std::max(best.value, score(point_at(axes, place)));
    ++best.points;
    std::size_t axis = 0;
    while (axis < axes.size() && ++place[axis] == axes[axis].values.size()) place[axis++] = 0;
    if (axis == axes.size()) return best;
  }
}

}  // namespace scant
