// The one place that knows LibTorch versions differ (1.13 from Debian, any 2.x), and the precompiled header of
// everything that uses torch. Not torch/torch.h: data loaders, optimisers and most layers are never used here, and what
// they instantiate would cost every file a third of its compile time.
#pragma once
#include <ATen/autocast_mode.h>
#include <torch/autograd.h>
#include <torch/enum.h>
#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/functional/normalization.h>
#include <torch/nn/functional/padding.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/any.h>
#include <torch/nn/modules/container/functional.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <torch/version.h>

namespace scant {

/// While it lives, operations of this thread on `type` compute in bfloat16 where that is safe (autocast), or, with
/// `enabled` = false, in the precision of their inputs. No cache of cast weights: a weight is used once a step, and the
/// cache is shared between threads.
class Autocast {
 public:
  Autocast(torch::DeviceType type, bool enabled)
      : type_(type), before_(get(type)), cache_before_(at::autocast::is_autocast_cache_enabled()) {
    at::autocast::set_autocast_cache_enabled(false);
    set(type, enabled);
  }
  ~Autocast() {
    set(type_, before_);
    at::autocast::set_autocast_cache_enabled(cache_before_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  static bool get(torch::DeviceType type) {
    return at::autocast::is_autocast_enabled(type);
  }
  static void set(torch::DeviceType type, bool enabled) {
    at::autocast::set_autocast_enabled(type, enabled);
    if (enabled) at::autocast::set_autocast_dtype(type, torch::kBFloat16);
  }
#else
  static bool get(torch::DeviceType type) {
    return type == torch::kCUDA ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
  }
  static void set(torch::DeviceType type, bool enabled) {
    if (type == torch::kCUDA) {
      at::autocast::set_enabled(enabled);
      if (enabled) at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
    } else {
      at::autocast::set_cpu_enabled(enabled);
      if (enabled) at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
    }
  }
#endif
  torch::DeviceType type_;
  bool before_, cache_before_;
};

/// Allows or forbids TF32 in convolutions and matrix products on CUDA. A setting of the whole process: every trial of a
/// suite has the same precision.
inline void allow_tf32(bool allowed) {
  at::globalContext().setAllowTF32CuDNN(allowed);
  at::globalContext().setAllowTF32CuBLAS(allowed);
}

/// float32 of a bfloat16 tensor, anything else as it is: what losses and normalised heads are computed in.
inline torch::Tensor full_precision(const torch::Tensor& x) {
  return x.scalar_type() == torch::kBFloat16 ? x.to(torch::kFloat32) : x;
}

}  // namespace scant
