// Sizes of the looks, and levels from Pocock's spending function over their information.
#include "results/regression/looks.hpp"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <cmath>
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
  std::vector<double> shares;
  for (const int size : sizes) shares.push_back(information(size) / information(sizes.back()));
  const double spent = sizes.size() > 1 ? 0.9 * alpha : alpha;
  std::vector<double> levels;
  for (const double bound : spending_bounds(shares, [&](double t) { return pocock_spending(t, 2 * spent); })) {
    levels.push_back(std::erfc(bound * boost::math::double_constants::one_div_root_two) / 2);
  }
  return levels;
}

}  // namespace scant
