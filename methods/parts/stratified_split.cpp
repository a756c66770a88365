// scikit-learn's stratified split, draw for draw.
#include "methods/parts/stratified_split.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <random>

namespace scant {
namespace {

using Numbers = std::vector<std::int64_t>;

/// NumPy's legacy RandomState as far as it is needed here. Its generator is std::mt19937, seeding included.
class RandomState {
 public:
  explicit RandomState(std::uint32_t seed) : generator_(seed) {}
  void shuffle(Numbers& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[up_to(i - 1)]);
  }
  Numbers permutation(std::int64_t n) {
    Numbers values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 0);
    shuffle(values);
    return values;
  }

 private:
  /// Uniform in {0, ..., largest}: bits beyond its own are masked away, and what still exceeds it is drawn again.
  std::size_t up_to(std::size_t largest) {
    const std::size_t mask = std::bit_ceil(largest + 1) - 1;
    std::size_t value = generator_() & mask;
    while (value > largest) value = generator_() & mask;
    return value;
  }
  std::mt19937 generator_;
};

/// `draws` shared out among classes of `counts` images: each its part rounded down, and what is left goes to the
/// largest fractions, by lot among equals.
Numbers shares(const Numbers& counts, std::int64_t draws, RandomState& random) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  Numbers result;
  std::map<double, Numbers, std::greater<>> by_fraction;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double part = static_cast<double>(counts[i]) / total * static_cast<double>(draws);
    result.push_back(static_cast<std::int64_t>(std::floor(part)));
    by_fraction[part - std::floor(part)].push_back(static_cast<std::int64_t>(i));
  }
  std::int64_t left = draws - std::accumulate(result.begin(), result.end(), std::int64_t{0});
  for (const auto& [fraction, classes] : by_fraction) {
    if (left <= 0) break;
    const Numbers lots = random.permutation(std::ssize(classes));
    const std::int64_t now = std::min(std::ssize(classes), left);
    for (std::int64_t i = 0; i < now; ++i) {
      const auto lot = static_cast<std::size_t>(lots[static_cast<std::size_t>(i)]);
      ++result[static_cast<std::size_t>(classes[lot])];
    }
    left -= now;
  }
  return result;
}

}  // namespace

Numbers stratified_test_part(const Numbers& labels, std::int64_t n, std::uint32_t seed) {
  std::map<std::int64_t, Numbers> members;  // by label, ascending
  for (std::size_t i = 0; i < labels.size(); ++i) members[labels[i]].push_back(static_cast<std::int64_t>(i));
  Numbers counts;
  for (const auto& [label, positions] : members) counts.push_back(std::ssize(positions));
  RandomState random(seed);
  const Numbers kept = shares(counts, std::ssize(labels) - n, random);
  Numbers left;
  for (std::size_t i = 0; i < counts.size(); ++i) left.push_back(counts[i] - kept[i]);
  const Numbers taken = shares(left, n, random);
  Numbers train, test;
  std::size_t at = 0;
  for (const auto& [label, positions] : members) {
    const Numbers order = random.permutation(std::ssize(positions));
    for (std::int64_t i = 0; i < kept[at] + taken[at]; ++i) {
      const auto position = static_cast<std::size_t>(order[static_cast<std::size_t>(i)]);
      (i < kept[at] ? train : test).push_back(positions[position]);
    }
    ++at;
  }
  random.shuffle(train);  // nobody asks for its order, but it comes before the test part's
  random.shuffle(test);
  return test;
}

}  // namespace scant
