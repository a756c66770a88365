// A queue of keys: the representations of earlier batches, the newest in place of the oldest.
#pragma once
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// Fills a queue, dim x K, with random unit columns.
void fill_with_unit_keys(torch::Tensor queue, Random& random);

/// Puts keys N x dim in place of columns position, position + 1, ... of the ring `queue`, dim x K, N <= K. Returns the
/// position behind them.
std::int64_t replace_oldest(torch::Tensor queue, const torch::Tensor& keys, std::int64_t position);

/// `encode` of the images in the order of `permutation`, its rows in the images' own order: so that normalisation by
/// parts of a batch groups keys otherwise than their queries.
template <class Encode>
torch::Tensor encode_shuffled(const torch::Tensor& images, const std::vector<std::int64_t>& permutation,
                              const Encode& encode) {
  const torch::Tensor order = torch::tensor(permutation, torch::kInt64).to(images.device());
  const torch::Tensor encoded = encode(images.index_select(0, order).contiguous(images.suggest_memory_format()));
  return torch::empty_like(encoded).index_copy_(0, order, encoded);
}

/// A queue that knows whose keys it holds.
class KeyQueueImpl : public torch::nn::Module {
 public:
  /// Random keys that belong to no image.
  KeyQueueImpl(int dim, int length, Random& random);
  /// Keys N x dim of the images called `owners`, N <= length.
  void put(const torch::Tensor& keys, const std::vector<std::int64_t>& owners);
  /// N x length, true where the queue holds a key of the query's own image.
  torch::Tensor own(const std::vector<std::int64_t>& queries) const;

  torch::Tensor keys, owners;  // dim x length; length (int64), -1: nobody's
  /// Where the next key goes. On the host, beside the module, so that no step waits for the device: whoever has the
  /// queue adds it to its state.
  torch::Tensor position = torch::zeros({1}, torch::kInt64);
};
TORCH_MODULE(KeyQueue);

}  // namespace scant
