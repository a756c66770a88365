// The layer watch, the bare convolution and groups of blocks.
#include "harness/learn/layer.hpp"

#include <stdexcept>

#include "harness/learn/winograd.hpp"

namespace scant {
namespace {

// One a thread: two trainings side by side never see each other's layers.
thread_local LayerWatch* watching = nullptr;

/// out x in/groups x k x k -> out x in x k x k, zeros between different groups.
torch::Tensor block_diagonal(const torch::Tensor& weight, int groups) {
  const std::int64_t out = weight.size(0), in = weight.size(1), k = weight.size(2);
  const torch::Tensor blocks = weight.reshape({groups, out / groups, in, k, k}).permute({1, 2, 3, 4, 0});
  return at::diag_embed(blocks).permute({4, 0, 5, 1, 2, 3}).reshape({out, groups * in, k, k});
}

}  // namespace

LayerWatch::LayerWatch(Callback callback) : callback_(std::move(callback)) {
  TORCH_CHECK(watching == nullptr, "a thread has one LayerWatch at a time");
  watching = this;
}

LayerWatch::~LayerWatch() {
  watching = nullptr;
}

torch::Tensor watched(const torch::nn::Module& module, torch::Tensor output) {
  if (watching != nullptr) watching->callback_(module, output);
  return output;
}

ConvImpl::ConvImpl(int in, int out, int kernel, int stride, int padding, const Options& options)
    : Convolving("Conv2d"),
      geometry_{.stride = stride, .padding = padding, .dilation = options.dilation, .groups = options.groups} {
  weight = register_parameter("weight", torch::empty({out, in / options.groups, kernel, kernel}));
  if (options.bias) bias = register_parameter("bias", torch::empty({out}));
}

torch::Tensor Convolving::convolve(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                                   const Geometry& geometry) const {
  const auto [stride, padding, dilation, groups] = geometry;
  const bool same_size = stride == 1 && padding == 1 && dilation == 1 && groups == 1;
  if (own_kernels_ && same_size && !bias.defined() && winograd_fits(x, weight)) return winograd_conv2d(x, weight);
  // CPUs compute groups of one or two channels with a small part of their vectors: the zeros besides cost less, as long
  // as they are few. A watched network takes its layers' own steps.
  const bool narrow = groups > 1 && weight.size(1) <= 2 && weight.size(0) <= 32;
  if (narrow && x.device().is_cpu() && watching == nullptr) {
    const torch::Tensor dense = block_diagonal(weight, groups).contiguous(x.suggest_memory_format());
    return at::conv2d(x, dense, bias, stride, padding, dilation);
  }
  return at::conv2d(x, weight, bias, stride, padding, dilation, groups);
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x) {
  return watched(*this, convolve(x, weight, bias, geometry_));
}

torch::Tensor zero_border(const torch::Tensor& x, int pixels) {
  if (pixels == 0) return x;
  return at::constant_pad_nd(x, {pixels, pixels, pixels, pixels});
}

torch::Tensor Block::before_relu(const torch::Tensor&) {
  throw std::logic_error(name() + " is not closed by a ReLU");
}

std::shared_ptr<torch::nn::Module> Block::last_norm() const {
  throw std::logic_error(name() + " is not closed by a ReLU");
}

void BlockGroup::add(std::shared_ptr<Block> block) {
  blocks_.push_back(register_module(std::to_string(blocks_.size()), std::move(block)));
}

torch::Tensor BlockGroup::forward(torch::Tensor x) {
  for (const auto& block : blocks_) x = watched(*block, block->forward(x));
  return x;
}

torch::Tensor BlockGroup::before_relu(torch::Tensor x) {
  for (std::size_t b = 0; b + 1 < blocks_.size(); ++b) x = watched(*blocks_[b], blocks_[b]->forward(x));
  return watched(*blocks_.back(), blocks_.back()->before_relu(x));
}

}  // namespace scant
