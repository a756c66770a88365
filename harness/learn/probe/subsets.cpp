// Stratified draws.
#include "harness/learn/probe/subsets.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/random.hpp"

namespace scant {
namespace {

/// Positions of each class, in the order in which they are drawn.
std::map<std::int64_t, std::vector<std::int64_t>> drawn_by_class(const torch::Tensor& labels, std::uint64_t seed) {
  const torch::Tensor host = labels.to(torch::kCPU, torch::kInt64).contiguous();
  std::map<std::int64_t, std::vector<std::int64_t>> positions;
  for (std::int64_t i = 0; i < host.numel(); ++i) positions[host.data_ptr<std::int64_t>()[i]].push_back(i);
  for (auto& [label, members] : positions) {
    Random random(seed, static_cast<std::uint64_t>(label));
    random.shuffle(members);
  }
  return positions;
}

std::int64_t rounded(double share, std::size_t of) {
  return std::llround(share * static_cast<double>(of));
}

}  // namespace

std::vector<std::int64_t> per_class_subset(const torch::Tensor& labels, int count, std::uint64_t seed) {
  std::vector<std::int64_t> chosen;
  for (const auto& [label, members] : drawn_by_class(labels, seed)) {
    chosen.insert(chosen.end(), members.begin(),
                  members.begin() + std::min<std::ptrdiff_t>(count, std::ssize(members)));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::vector<std::int64_t> share_subset(const torch::Tensor& labels, double share, std::uint64_t seed) {
  std::vector<std::int64_t> chosen;
  for (const auto& [label, members] : drawn_by_class(labels, seed)) {
    const std::int64_t count = std::clamp<std::int64_t>(rounded(share, members.size()), 1, std::ssize(members));
    chosen.insert(chosen.end(), members.begin(), members.begin() + count);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

Holdout hold_out(const torch::Tensor& labels, double share, std::uint64_t seed) {
  Holdout result;
  for (const auto& [label, members] : drawn_by_class(labels, seed)) {
    const std::int64_t size = std::ssize(members);
    const std::int64_t count = size < 2 ? 0 : std::clamp<std::int64_t>(rounded(share, members.size()), 1, size - 1);
    result.held.insert(result.held.end(), members.begin(), members.begin() + count);
    result.kept.insert(result.kept.end(), members.begin() + count, members.end());
  }
  std::sort(result.kept.begin(), result.kept.end());
  std::sort(result.held.begin(), result.held.end());
  return result;
}

}  // namespace scant
