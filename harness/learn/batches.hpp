// From a bank to training batches: shuffling, augmentation and normalisation, keyed by (trial, epoch, index) so that
// nothing depends on what ran before.
#pragma once
#include <memory>
#include <vector>

#include "harness/core/catalogue.hpp"
#include "harness/data/bank.hpp"
#include "harness/learn/compat.hpp"
#include "harness/learn/view_recipe.hpp"

namespace scant {

/// Per-channel statistics of a training subset, in network input units (u8 images divided by 255, others raw).
/// Population standard deviation.
struct Normalisation {
  std::vector<float> mean, std;
};
/// Two passes over images[indices] after the test-time geometry (specs: gem (a), normalisation).
Normalisation normalisation_of(const ImageBank& bank, const std::vector<std::int64_t>& indices, const Augment& augment);

/// images N x C x H x W float32, normalised; labels N int64; indices into the bank. Where a method draws several views
/// of an image (views_of): images V*N x C x H x W view by view, and `local`, undefined otherwise, the views of another
/// size.
struct Batch {
  torch::Tensor images, labels, local;
  std::vector<std::int64_t> indices;
  int epoch = 0;
};

/// Per channel, the stored values that views take for 0 and 1.
struct ValueRange {
  std::vector<float> low, high;
};

/// The view of a split role that methods get: it can make batches, and knows nothing of other roles. Cheap to copy and
/// thread-safe. Batches are assembled on the host, with the calling thread's torch threads; for a CUDA device in pinned
/// memory that is copied without blocking.
class Samples {
 public:
  /// `bank` stays shared; `normalisation` is the run's. Throws InputError where images of several sizes, or not square,
  /// would have to share a batch (no augment.size), or where the padding exceeds the images.
  Samples(std::shared_ptr<const ImageBank> bank, std::vector<std::int64_t> indices, Augment augment,
          Normalisation normalisation, torch::Device device);
  /// The same with the labels of all but the first `labelled` images hidden: -1.
  Samples(std::shared_ptr<const ImageBank> bank, std::vector<std::int64_t> indices, std::int64_t labelled,
          Augment augment, Normalisation normalisation, torch::Device device);

  /// The images at these positions, with the same normalisation.
  Samples subset(const std::vector<std::int64_t>& positions) const;

  std::int64_t size() const;
  int channels() const;
  PixelType pixel_type() const;
  const Normalisation& normalisation() const;
  int side() const;  // network input height and width; fixed for every dataset after geometry
  const std::vector<std::int64_t>& indices() const;
  torch::Tensor labels() const;  // N int64, on the CPU

  /// The order of one epoch: a permutation of 0..size()-1 from the seed.
  std::vector<std::int64_t> order(std::uint64_t seed, int epoch) const;
  /// Samples at `positions` (0-based in this view) with training geometry; each image's draws are keyed by (seed,
  /// epoch, position) and nothing else, never by what shares its batch. Order of an image's draws: shift: top, left;
  /// resized_crop: random_resized_crop's; then the flips that are switched on, horizontal first. `view` numbers the
  /// view where a method wants several of one image.
  Batch augmented(const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch, int view = 0) const;
  /// Views number first_view, first_view + 1, ... of the samples at `positions`, one for each recipe, stacked view by
  /// view: the recipe's crop of the stored image (whatever this view's own augmentation is), oriented, V*N x C x S x S
  /// in stored units (8-bit: whole numbers 0..255). Keyed as `augmented`; draws: random_resized_crop's, horizontal
  /// flip, vertical flip, turns. Throws std::invalid_argument where the recipes' sizes differ.
  torch::Tensor crops(const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch, int first_view,
                      const std::vector<ViewRecipe>& recipes) const;
  /// The batch of these positions but for its images.
  Batch labelled(const std::vector<std::int64_t>& positions, int epoch) const;
  /// 0 and 255 for images with colours (8-bit, one or three channels); for others the 1 % and 99 % quantiles of each
  /// channel over these samples, or over every k-th pixel of them. Computed once.
  const ValueRange& value_range() const;
  /// True for 8-bit images of one or three channels.
  bool has_colours() const;
  torch::Device device() const;
  /// Samples at positions [begin, end) with test geometry.
  Batch plain(std::int64_t begin, std::int64_t end) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace scant
