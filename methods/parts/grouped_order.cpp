// Sweeps over shuffled classes.
#include "methods/parts/grouped_order.hpp"

#include <algorithm>
#include <map>

namespace scant {

std::vector<std::int64_t> grouped_order(const std::vector<std::int64_t>& positions,
                                        const std::vector<std::int64_t>& labels, int group, Random& random) {
  std::map<std::int64_t, std::vector<std::int64_t>> members;
  for (std::size_t i = 0; i < positions.size(); ++i) members[labels.at(i)].push_back(positions[i]);
  std::vector<std::vector<std::int64_t>> classes;
  for (auto& [label, images] : members) {
    random.shuffle(images);
    classes.push_back(std::move(images));
  }
  std::vector<std::int64_t> order;
  while (!classes.empty()) {
    random.shuffle(classes);
    for (std::vector<std::int64_t>& images : classes) {
      const auto taken = std::min<std::ptrdiff_t>(group, std::ssize(images));
      order.insert(order.end(), images.end() - taken, images.end());
      images.resize(images.size() - static_cast<std::size_t>(taken));
    }
    std::erase_if(classes, [](const auto& images) { return images.empty(); });
  }
  return order;
}

}  // namespace scant
