// Anti-aliased subsampling.
#include "methods/parts/blur_pool.hpp"

#include <algorithm>
#include <vector>

namespace scant {

BlurPoolImpl::BlurPoolImpl(int channels, int size, int stride) : Module("BlurPool"), size_(size), stride_(stride) {
  std::vector<float> row{1};
  for (int i = 1; i < size; ++i) {
    row.push_back(1);
    for (int j = i - 1; j > 0; --j) row[j] += row[j - 1];
  }
  const torch::Tensor binomial = torch::tensor(row), kernel = binomial.outer(binomial);
  filt = register_buffer("filt", (kernel / kernel.sum()).repeat({channels, 1, 1, 1}));
}

std::array<std::int64_t, 4> BlurPoolImpl::padding() const {
  const int before = (size_ - 1) / 2, after = size_ / 2;
  return {before, after, before, after};
}

torch::Tensor BlurPoolImpl::forward(const torch::Tensor& x) {
  torch::Tensor wide = x;
  if (size_ > 1) {
    namespace F = torch::nn::functional;
    const auto pads = padding();
    // A map too small to be reflected has nothing but its border to repeat.
    const bool reflects = std::min(x.size(2), x.size(3)) > pads[1];
    const F::PadFuncOptions options(std::vector<std::int64_t>(pads.begin(), pads.end()));
    wide = reflects ? F::pad(x, F::PadFuncOptions(options).mode(torch::kReflect))
                    : F::pad(x, F::PadFuncOptions(options).mode(torch::kReplicate));
  }
  return watched(*this, at::conv2d(wide, filt, torch::Tensor(), stride_, at::IntArrayRef{0, 0}, 1, x.size(1)));
}

}  // namespace scant
