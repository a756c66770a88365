// From tensors to the kernels' arrays, and what autograd needs to know.
#include "harness/learn/batch_norm.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/learn/kernels/batch_norm.hpp"
#include "harness/learn/kernels/lanes.hpp"

namespace scant {
namespace {

kernels::Rows rows_of(const torch::Tensor& x) {
  return {.count = x.size(0) * x.size(2) * x.size(3), .channels = x.size(1)};
}

/// Calls work(part, its rows, their first value's offset) for every thread's share of the rows; returns their number.
template <class Work>
std::int64_t share_rows(const kernels::Rows& rows, Work work) {
  const std::int64_t parts = std::clamp<std::int64_t>(at::get_num_threads(), 1, std::max<std::int64_t>(rows.count, 1));
  at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t first = rows.count * part / parts, last = rows.count * (part + 1) / parts;
      work(part, kernels::Rows{last - first, rows.channels}, first * rows.channels);
    }
  });
  return parts;
}

/// A sum a channel of something, and of its product with something else.
struct Sums {
  std::vector<double> first, product;
};

/// add(rows, offset, sums, products) for all parts, added up in their order.
template <class Add>
Sums shared_sums(const kernels::Rows& rows, Add add) {
  const auto channels = static_cast<std::size_t>(rows.channels);
  std::vector<Sums> of_part(static_cast<std::size_t>(at::get_num_threads()),
                            {std::vector<double>(channels), std::vector<double>(channels)});
  share_rows(rows, [&](std::int64_t part, const kernels::Rows& own, std::int64_t offset) {
    Sums& sums = of_part[static_cast<std::size_t>(part)];
    add(own, offset, sums.first.data(), sums.product.data());
  });
  Sums total = std::move(of_part.front());
  for (std::size_t part = 1; part < of_part.size(); ++part) {
    for (std::size_t c = 0; c < channels; ++c) {
      total.first[c] += of_part[part].first[c];
      total.product[c] += of_part[part].product[c];
    }
  }
  return total;
}

/// Of a batch, a value a channel.
struct Moments {
  torch::Tensor mean, inverse_deviation;
};

/// Moves the running statistics too.
Moments moments_of(const torch::Tensor& x, const torch::Tensor& running_mean, const torch::Tensor& running_variance,
                   double momentum, double eps) {
  const kernels::Rows rows = rows_of(x);
  const float* values = x.data_ptr<float>();
  // Centred on its first row: squares of a mean that is large beside the deviation would cost all digits.
  const std::vector<float> centre(values, values + rows.channels);
  const Sums sums = shared_sums(rows, [&](const kernels::Rows& own, std::int64_t offset, double* sum, double* squares) {
    kernels::add_moments(own, values + offset, centre.data(), sum, squares);
  });
  Moments moments{torch::empty({rows.channels}), torch::empty({rows.channels})};
  const auto n = static_cast<double>(rows.count);
  for (std::int64_t c = 0; c < rows.channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    const double off = sums.first[at] / n, mean = centre[at] + off;
    const double variance = std::max(0.0, sums.product[at] / n - off * off);
    moments.mean.data_ptr<float>()[c] = static_cast<float>(mean);
    moments.inverse_deviation.data_ptr<float>()[c] = static_cast<float>(1 / std::sqrt(variance + eps));
    const auto move = [&](const torch::Tensor& running, double to) {
      float& value = running.data_ptr<float>()[c];
      value = static_cast<float>((1 - momentum) * value + momentum * to);
    };
    move(running_mean, mean);
    move(running_variance, variance * n / (n - 1));
  }
  return moments;
}

struct BatchNormalisation : torch::autograd::Function<BatchNormalisation> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const torch::Tensor& running_mean, const torch::Tensor& running_variance,
                               double momentum, double eps) {
    const Moments moments = moments_of(x, running_mean, running_variance, momentum, eps);
    context->save_for_backward({x, weight, moments.mean, moments.inverse_deviation});
    context->saved_data["eps"] = eps;
    const torch::Tensor scale = weight * moments.inverse_deviation, shift = bias - moments.mean * scale;
    torch::Tensor y = at::empty_like(x);
    share_rows(rows_of(x), [&](std::int64_t, const kernels::Rows& own, std::int64_t offset) {
      kernels::scale_and_shift(own, x.data_ptr<float>() + offset, scale.data_ptr<float>(), shift.data_ptr<float>(),
                               y.data_ptr<float>() + offset);
    });
    return y;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& outputs) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &inverse_deviation = saved[3];
    const torch::Tensor none;
    // A gradient that is to be differentiated again goes through an operation that knows its own.
    if (torch::GradMode::is_enabled()) {
      const auto [dx, dweight, dbias] =
          at::native_batch_norm_backward(outputs[0], x, weight, {}, {}, mean, inverse_deviation, true,
                                         context->saved_data["eps"].toDouble(), {true, true, true});
      return {dx, dweight, dbias, none, none, none, none};
    }
    const torch::Tensor dy = outputs[0].contiguous(torch::MemoryFormat::ChannelsLast);
    const kernels::Rows rows = rows_of(x);
    const Sums sums =
        shared_sums(rows, [&](const kernels::Rows& own, std::int64_t offset, double* sum, double* product) {
          kernels::add_gradient_moments(own, x.data_ptr<float>() + offset, dy.data_ptr<float>() + offset,
                                        mean.data_ptr<float>(), sum, product);
        });
    // With r the inverse deviation and u = r (x - mean): dx = weight r (dy - mean of dy - u * mean of dy u).
    const torch::Tensor of_dy = weight * inverse_deviation, of_x = torch::empty_like(mean);
    torch::Tensor rest = torch::empty_like(mean), dweight = torch::empty_like(weight),
                  dbias = torch::empty_like(weight);
    const auto n = static_cast<double>(rows.count);
    for (std::int64_t c = 0; c < rows.channels; ++c) {
      const auto at = static_cast<std::size_t>(c);
      const double r = inverse_deviation.data_ptr<float>()[c], scale = of_dy.data_ptr<float>()[c];
      of_x.data_ptr<float>()[c] = static_cast<float>(-scale * r * r * sums.product[at] / n);
      rest.data_ptr<float>()[c] = static_cast<float>(-scale * sums.first[at] / n);
      dweight.data_ptr<float>()[c] = static_cast<float>(r * sums.product[at]);
      dbias.data_ptr<float>()[c] = static_cast<float>(sums.first[at]);
    }
    const kernels::GradientTerms terms{mean.data_ptr<float>(), of_dy.data_ptr<float>(), of_x.data_ptr<float>(),
                                       rest.data_ptr<float>()};
    torch::Tensor dx = at::empty_like(x);
    share_rows(rows, [&](std::int64_t, const kernels::Rows& own, std::int64_t offset) {
      kernels::combine_gradient(own, x.data_ptr<float>() + offset, dy.data_ptr<float>() + offset, terms,
                                dx.data_ptr<float>() + offset);
    });
    return {dx, dweight, dbias, none, none, none, none};
  }
};

}  // namespace

BatchNormImpl::BatchNormImpl(int channels) : Module("BatchNorm2d"), options(channels) {
  weight = register_parameter("weight", torch::ones({channels}));
  bias = register_parameter("bias", torch::zeros({channels}));
  running_mean = register_buffer("running_mean", torch::zeros({channels}));
  running_var = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& x) {
  const double momentum = options.momentum().value();
  if (is_training()) num_batches_tracked.add_(1);
  const bool own = own_kernels_ && is_training() && x.device().is_cpu() && x.scalar_type() == torch::kFloat32 &&
                   x.dim() == 4 && x.size(1) % kernels::lanes == 0 && x.size(0) * x.size(2) * x.size(3) > 1;
  if (!own) {
    return torch::batch_norm(x, weight, bias, running_mean, running_var, is_training(), momentum, options.eps(),
                             at::globalContext().userEnabledCuDNN());
  }
  return BatchNormalisation::apply(x.contiguous(torch::MemoryFormat::ChannelsLast), weight, bias, running_mean,
                                   running_var, momentum, options.eps());
}

}  // namespace scant
