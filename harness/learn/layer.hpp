// Layers as networks see them: a module called through one type, and a watch that is told of every layer's output.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// While it lives, told of the output of every convolution, pooling, linear layer, head and block that its thread runs,
/// in the order of execution. Conformance compares their shapes. One a thread.
class LayerWatch {
 public:
  using Callback = std::function<void(const torch::nn::Module&, const torch::Tensor& output)>;
  explicit LayerWatch(Callback callback);
  ~LayerWatch();
  LayerWatch(const LayerWatch&) = delete;
  LayerWatch& operator=(const LayerWatch&) = delete;

 private:
  Callback callback_;
  friend torch::Tensor watched(const torch::nn::Module&, torch::Tensor);
};

/// Tells the thread's watch, if there is one, and returns `output`.
torch::Tensor watched(const torch::nn::Module& module, torch::Tensor output);

/// A module that maps one tensor to one, of whatever type a LayerMaker chose. An empty one maps a tensor to itself.
class Layer {
 public:
  Layer() = default;
  explicit Layer(torch::nn::AnyModule module) : module_(std::move(module)) {}
  torch::Tensor operator()(const torch::Tensor& x) { return module_.is_empty() ? x : module_.forward(x); }
  bool empty() const { return module_.is_empty(); }
  std::shared_ptr<torch::nn::Module> ptr() const { return module_.ptr(); }

 private:
  torch::nn::AnyModule module_;
};

/// A layer that has kernels of this program's own for float32 on CPUs, and uses them when told so.
class OwnKernels {
 public:
  virtual ~OwnKernels() = default;
  void use_own_kernels() { own_kernels_ = true; }

 protected:
  bool own_kernels_ = false;
};

/// A module whose kernels convolve maps; its own way to do so is winograd_conv2d, where that fits.
class Convolving : public torch::nn::Module, public OwnKernels {
 public:
  struct Geometry {
    int stride = 1, padding = 0, dilation = 1, groups = 1;
  };
  using Module::Module;

 protected:
  /// bias may be undefined.
  torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                         const Geometry& geometry) const;
};

/// A convolution, weight out x in/groups x k x k: torch::nn::Conv2d without its default initialisation, which would
/// fill every weight from torch's own generator only to be overwritten.
class ConvImpl : public Convolving {
 public:
  struct Options {
    int dilation = 1, groups = 1;
    bool bias = false;
  };
  ConvImpl(int in, int out, int kernel, int stride, int padding, const Options& options);
  ConvImpl(int in, int out, int kernel, int stride, int padding) : ConvImpl(in, out, kernel, stride, padding, {}) {}
  torch::Tensor forward(const torch::Tensor& x);
  torch::Tensor weight, bias;  // bias is undefined where there is none

 private:
  Geometry geometry_;
};
TORCH_MODULE(Conv);

/// `x` with that many rows and columns of zeros on every side; x itself for 0.
torch::Tensor zero_border(const torch::Tensor& x, int pixels);

/// Part of a network: N x C x H x W -> N x C' x H' x W'.
class Block : public torch::nn::Module {
 public:
  using Module::Module;
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  /// The output before the ReLU that closes the block. Default, and for blocks without one: throws std::logic_error.
  virtual torch::Tensor before_relu(const torch::Tensor& x);
  /// The normalisation whose output goes into before_relu(x) last. Throws likewise.
  virtual std::shared_ptr<torch::nn::Module> last_norm() const;
};

/// Blocks one after the other, registered as "0", "1", ...
class BlockGroup : public torch::nn::Module {
 public:
  void add(std::shared_ptr<Block> block);
  torch::Tensor forward(torch::Tensor x);
  /// The output before the last block's closing ReLU.
  torch::Tensor before_relu(torch::Tensor x);
  const std::vector<std::shared_ptr<Block>>& blocks() const { return blocks_; }

 private:
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace scant
