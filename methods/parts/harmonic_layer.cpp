// Convolutions whose kernels are learned combinations of discrete cosine functions.
#include "methods/parts/harmonic_layer.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace scant {

namespace {

/// NumPy's order of summation for up to 128 values: eight running sums, folded, then the rest. The reference's
/// constants carry it to the last bit.
float pairwise_sum(const std::vector<float>& values) {
  float sum = 0;
  std::size_t next = 0;
  if (values.size() >= 8) {
    std::array<float, 8> partial{};
    for (; next + 8 <= values.size(); next += 8) {
      for (std::size_t i = 0; i < 8; ++i) partial[i] += values[next + i];
    }
    sum = ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
          ((partial[4] + partial[5]) + (partial[6] + partial[7]));
  }
  for (; next < values.size(); ++next) sum += values[next];
  return sum;
}

}  // namespace

torch::Tensor dct_filters(int k, int level) {
  const auto wave = [k](int position, int frequency) {
    return std::cos(std::numbers::pi * (position + 0.5) * frequency / k);
  };
  std::vector<torch::Tensor> filters;
  for (int i = 0; i < k; ++i) {
    for (int j = 0; j < k; ++j) {
      if (level > 0 && i + j >= level) continue;
      std::vector<float> filter, sizes;
      for (int x = 0; x < k; ++x) {
        for (int y = 0; y < k; ++y) {
          filter.push_back(static_cast<float>(wave(x, i) * wave(y, j)));
          sizes.push_back(std::abs(filter.back()));
        }
      }
      const float norm = pairwise_sum(sizes);
      for (float& value : filter) value /= norm;
      filters.push_back(torch::tensor(filter).view({k, k}));
    }
  }
  return torch::stack(filters);
}

HarmonicConvImpl::HarmonicConvImpl(const ConvSpec& spec, Random& random) : Convolving("Harm2d"), spec_(spec) {
  const int area = spec.kernel * spec.kernel;
  dct = register_parameter("dct", dct_filters(spec.kernel).unsqueeze(0), false);
  weight = register_parameter("weight", torch::empty({spec.out, spec.in, area, 1, 1}));
  fill_normal(weight, std::sqrt(2.0 / (spec.out * area)), random);
}

torch::Tensor HarmonicConvImpl::forward(const torch::Tensor& x) {
  torch::Tensor kernel;
  {
    // A product of k*k terms a weight: not worth bfloat16's rounding.
    const Autocast off(x.device().type(), false);
    kernel = weight.flatten(2)
                 .matmul(dct.reshape({dct.size(1), -1}))
                 .view({spec_.out, spec_.in, spec_.kernel, spec_.kernel});
  }
  return watched(*this, convolve(x, kernel, {}, {.stride = spec_.stride, .padding = spec_.padding}));
}

HarmonicStemImpl::HarmonicStemImpl(const ConvSpec& spec, Random& random) : Module("Harm2d"), spec_(spec) {
  const int maps = spec.in * spec.kernel * spec.kernel;
  dct = register_parameter("dct", dct_filters(spec.kernel).unsqueeze(1).repeat({spec.in, 1, 1, 1}), false);
  weight = register_parameter("weight", torch::empty({spec.out, maps, 1, 1}));
  fill_normal(weight, std::sqrt(2.0 / spec.out), random);
  bn = register_module("bn", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(maps).affine(false)));
}

/// Of every map (in*k*k), over the batch and all positions.
struct HarmonicStemImpl::Moments {
  torch::Tensor mean, variance;  // population variance
  std::int64_t count = 0;
};

HarmonicStemImpl::Moments HarmonicStemImpl::batch_moments(const torch::Tensor& x) {
  const int k = spec_.kernel, area = k * k;
  const torch::Tensor patches =
      at::im2col(x, {k, k}, {1, 1}, {spec_.padding, spec_.padding}, {spec_.stride, spec_.stride})
          .view({x.size(0), spec_.in, area, -1});
  const std::int64_t count = patches.size(0) * patches.size(3);
  const torch::Tensor mean = patches.mean(at::IntArrayRef{0, 3});  // in x area
  // Centred first: the low frequencies' mean can be large beside their deviation.
  const torch::Tensor centred = patches.sub(mean.view({1, spec_.in, area, 1})).transpose(0, 1);
  const torch::Tensor flat = centred.transpose(1, 2).reshape({spec_.in, area, count});
  const torch::Tensor covariance = flat.bmm(flat.transpose(1, 2)) / static_cast<double>(count);  // in x area x area
  const torch::Tensor bank = dct.narrow(0, 0, area).reshape({area, area});                       // filter x position
  const torch::Tensor variance = (bank.matmul(covariance) * bank).sum(2);
  return {mean.matmul(bank.t()).flatten(), variance.flatten(), count};
}

torch::Tensor HarmonicStemImpl::forward_folded(const torch::Tensor& x) {
  const Autocast off(x.device().type(), false);
  torch::Tensor mean, inverse_deviation;
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor variance = bn->running_var;
    mean = bn->running_mean;
    if (is_training()) {
      const Moments moments = batch_moments(x);
      mean = moments.mean;
      variance = moments.variance;
      const double momentum = 0.1, n = static_cast<double>(moments.count);
      bn->running_mean.mul_(1 - momentum).add_(mean, momentum);
      bn->running_var.mul_(1 - momentum).add_(variance, momentum * n / (n - 1));
      bn->num_batches_tracked.add_(1);
    }
    inverse_deviation = (variance + bn->options.eps()).rsqrt();
  }
  const int area = spec_.kernel * spec_.kernel;
  const torch::Tensor scaled = weight.flatten(1) * inverse_deviation;  // out x in*area
  const torch::Tensor bank = dct.narrow(0, 0, area).reshape({area, area});
  const torch::Tensor kernel =
      scaled.view({spec_.out, spec_.in, area}).matmul(bank).view({spec_.out, spec_.in, spec_.kernel, spec_.kernel});
  return at::conv2d(x, kernel, -scaled.matmul(mean), spec_.stride, spec_.padding);
}

torch::Tensor HarmonicStemImpl::forward_plain(const torch::Tensor& x) {
  const torch::Tensor maps = at::conv2d(x, dct, {}, spec_.stride, spec_.padding, 1, spec_.in);
  return at::conv2d(bn->forward(maps), weight);
}

torch::Tensor HarmonicStemImpl::forward(const torch::Tensor& x) {
  return watched(*this, x.requires_grad() && torch::GradMode::is_enabled() ? forward_plain(x) : forward_folded(x));
}

}  // namespace scant
