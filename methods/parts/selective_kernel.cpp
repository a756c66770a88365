// Selective kernels.
#include "methods/parts/selective_kernel.hpp"

#include <algorithm>

namespace scant {

std::shared_ptr<torch::nn::Module> list_of(const std::vector<std::shared_ptr<torch::nn::Module>>& modules) {
  auto list = std::make_shared<torch::nn::ModuleListImpl>();
  for (const auto& module : modules) list->push_back(module);
  return list;
}

SelectiveKernelImpl::SelectiveKernelImpl(int in, int out, int stride, const SelectiveOptions& options, Random& random,
                                         LayerMaker& maker)
    : Module("SKBlock") {
  auto convs = register_module("convs", std::make_shared<torch::nn::ModuleListImpl>());
  for (int b = 0; b < 2; ++b) {
    Path& path = paths_[b];
    path.conv = Layer(maker.conv(
        {.in = in, .out = out, .padding = 1 + b, .init = options.init, .dilation = 1 + b, .groups = options.groups},
        random));
    path.norm = Layer(maker.norm(out));
    if (stride > 1) {
      path.blur = Layer(torch::nn::AnyModule(BlurPool(out, 3, stride)));
      convs->push_back(list_of({path.conv.ptr(), path.blur.ptr(), path.norm.ptr()}));
    } else {
      convs->push_back(list_of({path.conv.ptr(), path.norm.ptr()}));
    }
  }
  const int squeezed = std::max(out / options.reduction, options.least);
  const ConvSpec squeeze{.in = out, .out = squeezed, .kernel = 1, .padding = 0, .init = options.init};
  squeeze_ = Layer(maker.conv(squeeze, random));
  squeeze_norm_ = Layer(maker.norm(squeezed));
  register_module("fc", list_of({squeeze_.ptr(), squeeze_norm_.ptr()}));
  const ConvSpec expand{.in = squeezed, .out = out, .kernel = 1, .padding = 0, .init = options.init, .bias = true};
  for (Path& path : paths_) path.expand = Layer(maker.conv(expand, random));
  register_module("fcs", list_of({paths_[0].expand.ptr(), paths_[1].expand.ptr()}));
}

torch::Tensor SelectiveKernelImpl::forward(const torch::Tensor& x) {
  std::array<torch::Tensor, 2> seen, logits;
  for (int b = 0; b < 2; ++b) {
    Path& path = paths_[b];
    seen[b] = path.norm(path.blur(path.conv(x))).relu_();
  }
  const torch::Tensor average = seen[0].mean({2, 3}, true) + seen[1].mean({2, 3}, true);
  const torch::Tensor squeezed = squeeze_norm_(squeeze_(average)).relu_();
  for (int b = 0; b < 2; ++b) logits[b] = paths_[b].expand(squeezed);
  // A softmax over two is a sigmoid of the difference: one weight a channel instead of two.
  const torch::Tensor weight = (logits[0] - logits[1]).sigmoid_();  // N x out x 1 x 1
  return (seen[0] - seen[1]).mul(weight).add_(seen[1]);
}

}  // namespace scant
