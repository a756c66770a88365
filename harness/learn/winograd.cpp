// From tensors to the kernels' arrays, and what autograd needs to know.
#include "harness/learn/winograd.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "harness/learn/kernels/winograd.hpp"

namespace scant {
namespace {

torch::Tensor channels_last_copy(const torch::Tensor& x) {
  return x.contiguous(torch::MemoryFormat::ChannelsLast);
}

kernels::ConvShape shape_of(const torch::Tensor& x, const torch::Tensor& weight) {
  return {.height = x.size(2), .width = x.size(3), .in = weight.size(1), .out = weight.size(0)};
}

/// Calls work(part, first image, images, scratch) for every thread's share of the images.
template <class Work>
void share_images(const kernels::ConvShape& shape, std::int64_t images, std::int64_t parts, Work work) {
  at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
    const torch::Tensor scratch = torch::empty({kernels::winograd_scratch_floats(shape)});
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t first = images * part / parts;
      work(part, first, images * (part + 1) / parts - first, scratch.data_ptr<float>());
    }
  });
}

std::int64_t parts_of(std::int64_t images) {
  return std::clamp<std::int64_t>(at::get_num_threads(), 1, std::max<std::int64_t>(images, 1));
}

torch::Tensor convolved(const torch::Tensor& images, const torch::Tensor& filters) {
  const torch::Tensor x = channels_last_copy(images), weight = channels_last_copy(filters);
  const kernels::ConvShape shape = shape_of(x, weight);
  const torch::Tensor transformed = torch::empty({kernels::winograd_kernel_floats(shape)});
  kernels::transform_kernel(weight.data_ptr<float>(), shape.out, shape.in, transformed.data_ptr<float>());
  torch::Tensor y =
      at::empty({x.size(0), shape.out, shape.height, shape.width}, x.options(), torch::MemoryFormat::ChannelsLast);
  const std::int64_t pixels = shape.height * shape.width;
  share_images(shape, x.size(0), parts_of(x.size(0)),
               [&](std::int64_t, std::int64_t first, std::int64_t count, float* scratch) {
                 kernels::winograd_forward(shape, count, x.data_ptr<float>() + first * pixels * shape.in,
                                           transformed.data_ptr<float>(),
                                           y.data_ptr<float>() + first * pixels * shape.out, scratch);
               });
  return y;
}

/// Gradients of x and weight; undefined where not asked for.
std::pair<torch::Tensor, torch::Tensor> gradients(const torch::Tensor& images, const torch::Tensor& filters,
                                                  const torch::Tensor& gradient, bool of_x, bool of_weight) {
  const torch::Tensor x = channels_last_copy(images), weight = channels_last_copy(filters);
  const torch::Tensor dy = channels_last_copy(gradient);
  const kernels::ConvShape shape = shape_of(x, weight);
  const std::int64_t floats = kernels::winograd_kernel_floats(shape), parts = parts_of(x.size(0));
  torch::Tensor dx, turned, dkernel;
  if (of_x) {
    turned = torch::empty({floats});
    kernels::transform_kernel_turned(weight.data_ptr<float>(), shape.out, shape.in, turned.data_ptr<float>());
    dx = at::zeros_like(x);
  }
  if (of_weight) dkernel = torch::zeros({parts, floats});
  const std::int64_t pixels = shape.height * shape.width;
  share_images(shape, x.size(0), parts, [&](std::int64_t part, std::int64_t first, std::int64_t count, float* scratch) {
    kernels::winograd_backward(shape, count, x.data_ptr<float>() + first * pixels * shape.in,
                               dy.data_ptr<float>() + first * pixels * shape.out,
                               of_x ? turned.data_ptr<float>() : nullptr,
                               of_x ? dx.data_ptr<float>() + first * pixels * shape.in : nullptr,
                               of_weight ? dkernel.data_ptr<float>() + part * floats : nullptr, scratch);
  });
  torch::Tensor dweight;
  if (of_weight) {
    const torch::Tensor sum = parts > 1 ? dkernel.sum(0) : dkernel;
    dweight = at::empty_like(weight);
    kernels::transform_kernel_gradient(sum.data_ptr<float>(), shape.out, shape.in, dweight.data_ptr<float>());
  }
  return {dx, dweight};
}

struct WinogradConvolution : torch::autograd::Function<WinogradConvolution> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight) {
    context->save_for_backward({x, weight});
    return convolved(x, weight);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& outputs) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1];
    const bool of_x = context->needs_input_grad(0), of_weight = context->needs_input_grad(1);
    // A gradient that is to be differentiated again goes through operations that know their own.
    if (torch::GradMode::is_enabled()) {
      const auto [dx, dweight, none] =
          at::convolution_backward(outputs[0], x, weight, at::OptionalIntArrayRef(), {1, 1}, {1, 1}, {1, 1}, false,
                                   {0, 0}, 1, {of_x, of_weight, false});
      return {dx, dweight};
    }
    const auto [dx, dweight] = gradients(x, weight, outputs[0], of_x, of_weight);
    return {dx, dweight};
  }
};

}  // namespace

bool winograd_fits(const torch::Tensor& x, const torch::Tensor& weight) {
  const auto whole = [](std::int64_t channels) { return channels % kernels::channel_step == 0; };
  return x.device().is_cpu() && x.scalar_type() == torch::kFloat32 && weight.scalar_type() == torch::kFloat32 &&
         x.dim() == 4 && weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3 &&
         x.size(1) == weight.size(1) && whole(weight.size(0)) && whole(weight.size(1));
}

torch::Tensor winograd_conv2d(const torch::Tensor& x, const torch::Tensor& weight) {
  TORCH_CHECK(winograd_fits(x, weight), "winograd_conv2d cannot take ", x.sizes(), " and ", weight.sizes());
  return WinogradConvolution::apply(x, weight);
}

}  // namespace scant
