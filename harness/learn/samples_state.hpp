// What the files behind Samples share: its data, one image's draws, and assembling a batch on the host.
#pragma once
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <mutex>
#include <stdexcept>

#include "harness/core/random.hpp"
#include "harness/learn/augment.hpp"
#include "harness/learn/batches.hpp"

namespace scant {

/// One sequence of draws for each image and view. Epochs below 2^24, views below 2^8.
inline Random draws_of(std::uint64_t seed, int epoch, std::int64_t position, int view) {
  return Random(seed, static_cast<std::uint64_t>(epoch) << 40 | static_cast<std::uint64_t>(view) << 32 |
                          static_cast<std::uint64_t>(position));
}

struct Samples::State {
  explicit State(torch::Device where) : device(where) {}

  std::shared_ptr<const ImageBank> bank;
  std::vector<std::int64_t> indices;
  Augment augment;
  Normalisation normalisation;
  torch::Device device;
  torch::Tensor labels;
  int side = 0;
  mutable std::once_flag prepare_once, range_once;
  mutable ImageBank prepared_;
  mutable ValueRange range_;

  bool has_colours() const { return bank->type == PixelType::u8 && (bank->channels == 1 || bank->channels == 3); }

  void check(const std::vector<std::int64_t>& positions) const {
    const auto size = static_cast<std::int64_t>(indices.size());
    for (const std::int64_t position : positions) {
      if (position < 0 || position >= size) {
        throw std::out_of_range(fmt::format("position {} of a view with {} images", position, size));
      }
    }
  }

  /// This view's images before crop, flip and normalisation: as they are, or brought to the augmentation's size once.
  const ImageBank& prepared() const {
    std::call_once(prepare_once, [this] {
      const ImageBank own = sub_bank(*bank, indices);
      const int pad = augment.kind == Augment::Kind::shift ? augment.pad : 0;
      if (augment.size == 0) {
        prepared_ = own;
      } else if (pad > 0) {
        prepared_ = with_shorter_side(own, augment.size + 2 * pad);
      } else {
        prepared_ = at_test_size(own, augment.size);
      }
    });
    return prepared_;
  }

  /// Runs write(begin, end, pixels, stride of an image) over `count` images and returns their pixels on the device.
  template <class Write>
  torch::Tensor assemble(std::int64_t count, int size, const Write& write) const {
    torch::Tensor images = torch::empty({count, bank->channels, size, size}, host_options().dtype(torch::kFloat32));
    float* pixels = images.data_ptr<float>();
    const std::int64_t stride = static_cast<std::int64_t>(bank->channels) * size * size;
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) { write(begin, end, pixels, stride); });
    return device.is_cpu() ? images : images.to(device, /*non_blocking=*/true);
  }

  /// A batch's labels and bank indices; position_of(i) is the i-th image's place in this view.
  template <class PositionOf>
  Batch label(std::int64_t count, const PositionOf& position_of) const {
    Batch batch;
    batch.labels = torch::empty({count}, host_options().dtype(torch::kInt64));
    batch.indices.resize(static_cast<std::size_t>(count));
    const std::int64_t* from = labels.data_ptr<std::int64_t>();
    std::int64_t* to = batch.labels.data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < batch.indices.size(); ++i) {
      const std::int64_t position = position_of(i);
      to[i] = from[position];
      batch.indices[i] = indices[static_cast<std::size_t>(position)];
    }
    if (!device.is_cpu()) batch.labels = batch.labels.to(device, /*non_blocking=*/true);
    return batch;
  }

  torch::TensorOptions host_options() const { return torch::TensorOptions().pinned_memory(!device.is_cpu()); }
};

}  // namespace scant
