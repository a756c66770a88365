// Evaluation passes.
#include "harness/learn/embedding.hpp"

#include <algorithm>

namespace scant {

std::int64_t evaluation_batch(int side, torch::Device device) {
  constexpr std::int64_t images = 256, small_side = 64;
  if (!device.is_cpu()) return images;
  const std::int64_t area = static_cast<std::int64_t>(side) * side;
  return std::clamp<std::int64_t>(images * small_side * small_side / area, 16, images);
}

torch::Tensor over_all(const Samples& samples, torch::Device device,
                       const std::function<torch::Tensor(const torch::Tensor& images)>& network) {
  const torch::NoGradGuard no_grad;
  const std::int64_t size = samples.size(), step = evaluation_batch(samples.side(), device);
  std::vector<torch::Tensor> parts;
  for (std::int64_t begin = 0; begin < size; begin += step) {
    const Batch batch = samples.plain(begin, std::min(begin + step, size));
    parts.push_back(network(batch.images).to(torch::kCPU, torch::kFloat32));
  }
  return torch::cat(parts);
}

std::vector<int> ints_of(const torch::Tensor& tensor) {
  const torch::Tensor host = tensor.to(torch::kCPU, torch::kInt32).contiguous();
  return {host.data_ptr<int>(), host.data_ptr<int>() + host.numel()};
}

}  // namespace scant
