// Lloyd's iterations, some thousand points at a time.
#include "methods/parts/k_means.hpp"

#include <numeric>
#include <vector>

namespace scant {
namespace {

constexpr std::int64_t chunk = 4096;  // rows of a points x clusters table that exist at once

/// Calls visit(points, their assignments) for one chunk after the other.
template <class Visit>
void assign(const torch::Tensor& points, const torch::Tensor& centres, Visit visit) {
  const torch::Tensor half_squares = centres.square().sum(1) / 2;
  for (const torch::Tensor& part : points.split(chunk)) {
    visit(part, (half_squares - part.matmul(centres.t())).argmin(1));
  }
}

}  // namespace

torch::Tensor k_means(const torch::Tensor& points, std::int64_t clusters, int iterations, Random& random) {
  const torch::NoGradGuard no_grad;
  std::vector<std::int64_t> order(static_cast<std::size_t>(points.size(0)));
  std::iota(order.begin(), order.end(), 0);
  random.shuffle(order);
  order.resize(static_cast<std::size_t>(clusters));
  torch::Tensor centres = points.index_select(0, torch::tensor(order, torch::kInt64).to(points.device()));
  for (int i = 0; i < iterations; ++i) {
    torch::Tensor sums = torch::zeros_like(centres), counts = torch::zeros({clusters, 1}, centres.options());
    assign(points, centres, [&](const torch::Tensor& part, const torch::Tensor& cluster) {
      // A product with the table of memberships: adding by index would depend on the order of a GPU's threads.
      const torch::Tensor members = torch::one_hot(cluster, clusters).to(centres.scalar_type()).t();
      sums += members.matmul(part);
      counts += members.sum(1, true);
    });
    centres = torch::where(counts.gt(0), sums / counts.clamp_min(1), centres);
  }
  std::vector<torch::Tensor> assignments;
  assign(points, centres, [&](const torch::Tensor&, const torch::Tensor& cluster) { assignments.push_back(cluster); });
  return torch::cat(assignments);
}

}  // namespace scant
