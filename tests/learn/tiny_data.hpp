// In-memory data for tests of training: small, seeded, without files.
#pragma once
#include <cstring>
#include <memory>
#include <vector>

#include "harness/core/random.hpp"
#include "harness/data/dataset.hpp"

namespace scant::test {

/// `per_class` images of side x side for each class: noise around a class pattern of stripes, labels cycling through
/// the classes.
template <class T>
ImageBank striped_bank(PixelType type, int channels, int classes, int per_class, int height, int width,
                       std::uint64_t seed = 1) {
  BankBuilder builder(type, channels);
  Random random(seed);
  std::vector<T> image(static_cast<std::size_t>(channels) * height * width);
  for (int i = 0; i < classes * per_class; ++i) {
    const int label = i % classes;
    for (int c = 0, p = 0; c < channels; ++c) {
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x, ++p) {
          const int stripe = (label % 2 == 0 ? x : y) / (1 + label / 2) % 2;
          image[static_cast<std::size_t>(p)] = static_cast<T>(60 + 80 * stripe + random.below(60));
        }
      }
    }
    builder.add(std::as_bytes(std::span(image)), height, width, label);
  }
  return builder.finish();
}

/// A data set with one stored split: of every four images of a class one is for validation and one for test.
inline std::shared_ptr<const Dataset> tiny_dataset(int classes = 4, int per_class = 12, int side = 12) {
  auto dataset = std::make_shared<Dataset>();
  dataset->card.spec.name = "tiny";
  dataset->bank = striped_bank<std::uint8_t>(PixelType::u8, 3, classes, per_class, side, side);
  Split split;
  for (int i = 0; i < classes * per_class; ++i) {
    const int turn = i / classes % 4;
    if (turn == 3) {
      split.test.push_back(i);
    } else {
      (turn == 2 ? split.val : split.train).push_back(i);
      split.trainval.push_back(i);
    }
  }
  dataset->stored = {split};
  return dataset;
}

}  // namespace scant::test
