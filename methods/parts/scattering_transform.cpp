// The two-dimensional scattering transform of images.
#include "methods/parts/scattering_transform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "harness/learn/layer.hpp"

namespace scant {
namespace {

/// For every pixel of the padded side the one of the image that a reflection without repeated edge shows.
torch::Tensor reflected_positions(const ScatteringShape& shape) {
  const int side = shape.side, period = std::max(1, 2 * (side - 1));
  std::vector<std::int64_t> positions;
  for (int i = -shape.pad_before(); std::ssize(positions) < shape.padded(); ++i) {
    const int turn = ((i % period) + period) % period;
    positions.push_back(turn < side ? turn : period - turn);
  }
  return torch::tensor(positions, torch::kInt64);
}

/// What the low pass, subsampling to the transform's resolution and cropping a pixel at both ends do along one axis:
/// the filter is a product of one function of the row and the same of the column. filter: p x p, its Fourier transform.
torch::Tensor averaging_matrix(const torch::Tensor& filter, const ScatteringShape& shape) {
  const std::int64_t size = filter.size(0), coarse = shape.padded() >> shape.scale;
  const torch::Tensor profile = filter.select(1, 0) / filter[0][0].sqrt();
  const torch::Tensor basis = at::fft_fft(torch::eye(size, filter.options()), {}, 0) * profile.unsqueeze(1);
  const torch::Tensor folded = basis.view({size / coarse, coarse, size}).mean(0);
  return at::real(at::fft_ifft(folded, {}, 0)).narrow(0, 1, coarse - 2).contiguous();
}

/// |maps * filters|, subsampled: in Fourier space the blocks that fall together are summed. The filters are divided by
/// their number already. spectrum: ... x p x p, filters: L x p x p, result: ... x q x q.
torch::Tensor filtered_modulus(const torch::Tensor& spectrum, const torch::Tensor& filters, std::int64_t q) {
  const auto block = [q](const torch::Tensor& x, std::int64_t row, std::int64_t col) {
    return x.narrow(-2, row * q, q).narrow(-1, col * q, q);
  };
  const std::int64_t factor = filters.size(-1) / q;
  torch::Tensor sum = block(spectrum, 0, 0) * block(filters, 0, 0);
  for (std::int64_t i = 1; i < factor * factor; ++i) {
    sum.addcmul_(block(spectrum, i / factor, i % factor), block(filters, i / factor, i % factor));
  }
  return at::fft_ifft2(sum).abs();
}

}  // namespace

ScatteringImpl::ScatteringImpl(const ScatteringShape& shape)
    : Module("ScatteringTorch2D"), shape_(shape), paths_(static_cast<int>(scattering_paths(shape).size())) {
  if (shape.side < 1 << shape.scale) {
    throw InputError(
        fmt::format("J = {} needs images of at least {} pixels a side, and these have {}; choose a smaller J",
                    shape.scale, 1 << shape.scale, shape.side));
  }
  const auto filters = scattering_filters(shape);
  int next = 0;
  const auto keep = [&](const torch::Tensor& filter) {
    register_buffer("tensor" + std::to_string(next++), filter.to(torch::kFloat32).unsqueeze(2));
  };
  for (const torch::Tensor& level : filters->low_pass) keep(level);
  for (const auto& wavelet : filters->wavelets) {
    for (const torch::Tensor& level : wavelet.levels) keep(level);
  }
}

void ScatteringImpl::prepare() {
  const auto filters = named_buffers();
  const torch::Tensor first = filters["tensor0"];
  if (plan_.reflection.defined() && plan_.average.front().dtype() == first.dtype() &&
      plan_.reflection.device() == first.device()) {
    return;
  }
  plan_ = {};
  plan_.reflection = reflected_positions(shape_).to(first.device());
  int next = 0;
  const auto take = [&] { return filters["tensor" + std::to_string(next++)].squeeze(2); };
  for (int level = 0; level < shape_.scale; ++level) plan_.average.push_back(averaging_matrix(take(), shape_));
  for (int j = 0; j < shape_.scale; ++j) {
    const int levels = std::min(j + 1, std::max(shape_.scale - 1, 1));
    std::vector<std::vector<torch::Tensor>> of_level(static_cast<std::size_t>(levels));
    for (int angle = 0; angle < shape_.angles; ++angle) {
      for (auto& filters_of_level : of_level) filters_of_level.push_back(take());
    }
    plan_.wavelets.emplace_back();
    for (int level = 0; level < levels; ++level) {
      const double blocks = std::exp2(2 * (j - level));
      const torch::Tensor stacked = torch::stack(of_level[static_cast<std::size_t>(level)]) / blocks;
      plan_.wavelets.back().push_back(at::complex(stacked, torch::zeros_like(stacked)));
    }
  }
}

/// maps: ... x p x p with p = P/2^level -> ... x S/2^J x S/2^J.
torch::Tensor ScatteringImpl::averaged(const torch::Tensor& maps, int level) const {
  const torch::Tensor& matrix = plan_.average[static_cast<std::size_t>(level)];
  return matrix.matmul(maps.matmul(matrix.t()));
}

/// images: n x P x P -> n x K x S/2^J x S/2^J.
torch::Tensor ScatteringImpl::scatter(const torch::Tensor& images) const {
  const std::int64_t side = shape_.padded();
  const torch::Tensor spectrum = at::fft_fft2(images).unsqueeze(1);
  std::vector<torch::Tensor> first{averaged(images, 0).unsqueeze(1)}, second;
  for (int j1 = 0; j1 < shape_.scale; ++j1) {
    const auto at = static_cast<std::size_t>(j1);
    const torch::Tensor u1 = filtered_modulus(spectrum, plan_.wavelets[at][0], side >> j1);  // n x L x p x p
    first.push_back(averaged(u1, j1));
    if (j1 + 1 == shape_.scale) break;
    const torch::Tensor spectrum1 = at::fft_fft2(u1).unsqueeze(2);
    std::vector<torch::Tensor> of_j1;
    for (int j2 = j1 + 1; j2 < shape_.scale; ++j2) {
      const torch::Tensor& filters = plan_.wavelets[static_cast<std::size_t>(j2)][at];
      of_j1.push_back(averaged(filtered_modulus(spectrum1, filters, side >> j2), j2));  // n x L x L x s x s
    }
    second.push_back(at::cat(of_j1, 2).flatten(1, 2));
  }
  first.insert(first.end(), second.begin(), second.end());
  return at::cat(first, 1);
}

torch::Tensor ScatteringImpl::forward(const torch::Tensor& images) {
  TORCH_CHECK(images.dim() == 4 && images.size(2) == shape_.side && images.size(3) == shape_.side,
              "this scattering transform takes images of ", shape_.side, " pixels a side");
  const Autocast off(images.device().type(), false);
  prepare();
  const torch::Tensor planes = full_precision(images).contiguous().flatten(0, 1);
  // The second order's maps are 64 times the image; this many numbers at once fit a CPU's cache, or fill a GPU.
  const std::int64_t limit = images.is_cuda() ? std::int64_t{1} << 25 : std::int64_t{1} << 19;
  const std::int64_t half = shape_.padded() / 2;
  const std::int64_t piece = std::max<std::int64_t>(1, limit / (shape_.angles * shape_.angles * half * half));
  std::vector<torch::Tensor> pieces;
  for (std::int64_t begin = 0; begin < planes.size(0); begin += piece) {
    const torch::Tensor part = planes.narrow(0, begin, std::min(piece, planes.size(0) - begin));
    pieces.push_back(scatter(part.index_select(1, plan_.reflection).index_select(2, plan_.reflection)));
  }
  const std::int64_t side = shape_.output();
  return at::cat(pieces).view({images.size(0), images.size(1), paths_, side, side});
}

}  // namespace scant
