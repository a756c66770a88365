// Whole views through a network in evaluation mode, a batch at a time.
#pragma once
#include <functional>
#include <vector>

#include "harness/learn/batches.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// Images an evaluation pass takes at once: 256 small ones; on the CPU fewer large ones, so that activations stay
/// within a few hundred megabytes.
std::int64_t evaluation_batch(int side, torch::Device device);

/// `network` (N x C x H x W to N x D) of all images of a view in test geometry: M x D float32 on the host, in the
/// view's order.
torch::Tensor over_all(const Samples& samples, torch::Device device,
                       const std::function<torch::Tensor(const torch::Tensor& images)>& network);

/// Labels or predictions of any integer type and device as a list.
std::vector<int> ints_of(const torch::Tensor& tensor);

}  // namespace scant
