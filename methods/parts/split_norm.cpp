// Split normalisation: the parts of a batch lie side by side as channels of one ordinary normalisation.
#include "methods/parts/split_norm.hpp"

#include <algorithm>

namespace scant {

int splits_of(std::int64_t batch, int most) {
  int splits = std::max(1, static_cast<int>(std::min<std::int64_t>(batch, most)));
  while (batch % splits != 0) --splits;
  return splits;
}

SplitNormImpl::SplitNormImpl(int channels, int splits, double momentum, double eps)
    : Module("BatchNorm2d"), splits_(splits), momentum_(momentum), eps_(eps) {
  weight = register_parameter("weight", torch::ones({channels}));
  bias = register_parameter("bias", torch::zeros({channels}));
  running_mean = register_buffer("running_mean", torch::zeros({channels}));
  running_var = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
}

torch::Tensor SplitNormImpl::forward(const torch::Tensor& x) {
  const std::int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3), s = splits_of(n, splits_);
  const bool cudnn = at::globalContext().userEnabledCuDNN();
  if (is_training()) num_batches_tracked.add_(1);
  if (!is_training() || s == 1) {
    return torch::batch_norm(x, weight, bias, running_mean, running_var, is_training(), momentum_, eps_, cudnn);
  }
  // N/s x s*C x H x W with the channels innermost in memory: whole pixels are copied, and what comes in channels-last
  // goes out so.
  const torch::Tensor parts = x.permute({0, 2, 3, 1})
                                  .reshape({n / s, s, h, w, c})
                                  .permute({0, 2, 3, 1, 4})
                                  .reshape({n / s, h, w, s * c})
                                  .permute({0, 3, 1, 2});
  const torch::Tensor mean = running_mean.repeat({s}), variance = running_var.repeat({s});
  const torch::Tensor out =
      torch::batch_norm(parts, weight.repeat({s}), bias.repeat({s}), mean, variance, true, momentum_, eps_, cudnn);
  {
    const torch::NoGradGuard no_grad;
    running_mean.copy_(mean.view({s, c}).mean(0));
    running_var.copy_(variance.view({s, c}).mean(0));
  }
  return out.permute({0, 2, 3, 1})
      .reshape({n / s, h, w, s, c})
      .permute({0, 3, 1, 2, 4})
      .reshape({n, h, w, c})
      .permute({0, 3, 1, 2});
}

}  // namespace scant
