// Sizes of the looks and Pocock's spending function over their information.
#include "results/regression/looks.hpp"

#include <algorithm>
#include <stdexcept>

#include "results/statistics/group_sequential.hpp"

namespace scant {

std::vector<int> look_sizes(int planned, int step, int most) {
  if (planned < 1 || step < 1) throw std::invalid_argument("looks need runs to look at");
  std::vector<int> sizes{planned};
  while (sizes.back() < most) sizes.push_back(std::min(sizes.back() + step, most));
  return sizes;
}

std::vector<double> look_levels(const std::vector<int>& sizes, int baseline, double alpha) {
  if (sizes.empty() || baseline < 1) throw std::invalid_argument("looks need runs on both sides");
  const auto information = [&](int size) { return 1 / (1.0 / size + 1.0 / baseline); };
  std::vector<double> levels;
  double spent = 0;
  for (const int size : sizes) {
    const double now = pocock_spending(information(size) / information(sizes.back()), alpha);
    levels.push_back(now - spent);
    spent = now;
  }
  return levels;
}

}  // namespace scant
