// Samples: which images, in which order, with which random geometry; the pixels themselves are augment.cpp's work.
#include "harness/learn/batches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"
#include "harness/learn/samples_state.hpp"

namespace scant {
namespace {

/// A bank's square side, where images are taken as they are.
int own_side(const ImageBank& bank, const std::vector<std::int64_t>& indices) {
  if (indices.empty()) return 0;
  const ImageShape& first = bank.shapes.at(static_cast<std::size_t>(indices.front()));
  for (const std::int64_t index : indices) {
    const ImageShape& shape = bank.shapes.at(static_cast<std::size_t>(index));
    if (shape.height != first.height || shape.width != first.width || shape.height != shape.width) {
      throw InputError(
          fmt::format("images of {} x {} and {} x {} pixels cannot share a batch as they are: set augment.size",
                      first.height, first.width, shape.height, shape.width));
    }
  }
  return first.height;
}

}  // namespace

Samples::Samples(std::shared_ptr<const ImageBank> bank, std::vector<std::int64_t> indices, Augment augment,
                 Normalisation normalisation, torch::Device device)
    : Samples(std::move(bank), std::move(indices), std::numeric_limits<std::int64_t>::max(), augment,
              std::move(normalisation), device) {}

Samples::Samples(std::shared_ptr<const ImageBank> bank, std::vector<std::int64_t> indices, std::int64_t labelled,
                 Augment augment, Normalisation normalisation, torch::Device device) {
  if (augment.kind == Augment::Kind::resized_crop && augment.size <= 0) {
    throw InputError("augment kind \"resized-crop\" needs a size");
  }
  const int side = augment.size > 0 ? augment.size : own_side(*bank, indices);
  if (augment.kind == Augment::Kind::shift && augment.pad >= side && !indices.empty()) {
    throw InputError(
        fmt::format("augment.pad = {} needs images larger than that, these have side {}: reflection "
                    "does not reach further",
                    augment.pad, side));
  }
  if (static_cast<int>(normalisation.mean.size()) != bank->channels) {
    throw InputError(fmt::format("normalisation for {} channels given, the images have {}", normalisation.mean.size(),
                                 bank->channels));
  }
  auto labels = torch::empty({static_cast<std::int64_t>(indices.size())}, torch::kInt64);
  std::int64_t* to = labels.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const bool known = static_cast<std::int64_t>(i) < labelled;
    to[i] = known ? bank->labels.at(static_cast<std::size_t>(indices[i])) : -1;
  }
  auto state = std::make_shared<State>(device);
  state->bank = std::move(bank);
  state->indices = std::move(indices);
  state->augment = augment;
  state->normalisation = std::move(normalisation);
  state->labels = labels;
  state->side = side;
  state_ = state;
}

Samples Samples::subset(const std::vector<std::int64_t>& positions) const {
  state_->check(positions);
  std::vector<std::int64_t> chosen;
  for (const std::int64_t position : positions) chosen.push_back(state_->indices[static_cast<std::size_t>(position)]);
  return {state_->bank, std::move(chosen), state_->augment, state_->normalisation, state_->device};
}

std::int64_t Samples::size() const {
  return static_cast<std::int64_t>(state_->indices.size());
}

int Samples::channels() const {
  return state_->bank->channels;
}

PixelType Samples::pixel_type() const {
  return state_->bank->type;
}

const Normalisation& Samples::normalisation() const {
  return state_->normalisation;
}

int Samples::side() const {
  return state_->side;
}

const std::vector<std::int64_t>& Samples::indices() const {
  return state_->indices;
}

torch::Device Samples::device() const {
  return state_->device;
}

bool Samples::has_colours() const {
  return state_->has_colours();
}

torch::Tensor Samples::labels() const {
  return state_->labels;
}

std::vector<std::int64_t> Samples::order(std::uint64_t seed, int epoch) const {
  std::vector<std::int64_t> result(state_->indices.size());
  std::iota(result.begin(), result.end(), 0);
  Random(seed, static_cast<std::uint64_t>(epoch)).shuffle(result);
  return result;
}

Batch Samples::augmented(const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch, int view) const {
  const State& state = *state_;
  const Augment& augment = state.augment;
  state.check(positions);
  const bool resized = augment.kind == Augment::Kind::resized_crop;
  const ImageBank& source = resized ? *state.bank : state.prepared();
  const PixelScale scale = pixel_scale(state.normalisation, source.type);
  auto write = [&](std::int64_t begin, std::int64_t end, float* pixels, std::int64_t stride) {
    ResizeScratch scratch;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t position = positions[static_cast<std::size_t>(i)];
      const std::int64_t index = resized ? state.indices[static_cast<std::size_t>(position)] : position;
      const ImageShape& shape = source.shapes[static_cast<std::size_t>(index)];
      Random random = draws_of(seed, epoch, position, view);
      Window window;
      Box box;
      if (resized) {
        box = random_resized_crop(shape.height, shape.width, augment.min_scale, 1.0, random);
      } else if (augment.kind == Augment::Kind::shift && augment.size == 0) {
        const auto offsets = static_cast<std::uint64_t>(2 * augment.pad + 1);
        window.top = static_cast<int>(random.below(offsets)) - augment.pad;
        window.left = static_cast<int>(random.below(offsets)) - augment.pad;
      } else if (augment.kind == Augment::Kind::shift) {
        window.top = static_cast<int>(random.below(static_cast<std::uint64_t>(shape.height - state.side + 1)));
        window.left = static_cast<int>(random.below(static_cast<std::uint64_t>(shape.width - state.side + 1)));
      }
      if (augment.hflip) window.hflip = random.uniform() < 0.5;
      if (augment.vflip) window.vflip = random.uniform() < 0.5;
      float* out = pixels + i * stride;
      if (resized) {
        write_resized(source, index, box, window.hflip, window.vflip, state.side, scale, out, scratch);
      } else {
        write_window(source, index, window, state.side, scale, out);
      }
    }
  };
  Batch batch = labelled(positions, epoch);
  batch.images = state.assemble(static_cast<std::int64_t>(positions.size()), state.side, write);
  return batch;
}

Batch Samples::labelled(const std::vector<std::int64_t>& positions, int epoch) const {
  state_->check(positions);
  Batch batch = state_->label(static_cast<std::int64_t>(positions.size()), [&](std::size_t i) { return positions[i]; });
  batch.epoch = epoch;
  return batch;
}

Batch Samples::plain(std::int64_t begin, std::int64_t end) const {
  const State& state = *state_;
  if (begin < 0 || end < begin || end > size()) {
    throw std::out_of_range(fmt::format("positions [{}, {}) of a view with {} images", begin, end, size()));
  }
  const ImageBank& source = state.prepared();
  const PixelScale scale = pixel_scale(state.normalisation, source.type);
  auto write = [&](std::int64_t from, std::int64_t to, float* pixels, std::int64_t stride) {
    for (std::int64_t i = from; i < to; ++i) {
      const ImageShape& shape = source.shapes[static_cast<std::size_t>(begin + i)];
      const Box box = center_box(shape.height, shape.width, state.side);
      write_window(source, begin + i, {box.top, box.left, false, false}, state.side, scale, pixels + i * stride);
    }
  };
  Batch batch = state.label(end - begin, [&](std::size_t i) { return begin + static_cast<std::int64_t>(i); });
  batch.images = state.assemble(end - begin, state.side, write);
  return batch;
}

}  // namespace scant
