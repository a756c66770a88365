// Mean and deviation of a training subset, the run's own, per channel.
#include <array>
#include <cmath>

#include "harness/learn/augment.hpp"
#include "harness/learn/batches.hpp"

namespace scant {
namespace {

/// 8-bit images: a histogram makes both passes exact and the second one free.
void add_statistics_u8(const ImageBank& bank, Normalisation& result) {
  for (int c = 0; c < bank.channels; ++c) {
    std::array<std::int64_t, 256> histogram{};
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < bank.size(); ++i) {
      const ImageShape& shape = bank.shapes[static_cast<std::size_t>(i)];
      const std::int64_t pixels = static_cast<std::int64_t>(shape.height) * shape.width;
      const std::uint8_t* plane = bank.image<std::uint8_t>(i) + c * pixels;
      for (std::int64_t p = 0; p < pixels; ++p) ++histogram[plane[p]];
      count += pixels;
    }
    double sum = 0, squares = 0;
    for (std::size_t v = 0; v < histogram.size(); ++v) sum += static_cast<double>(v) * histogram[v];
    const double mean = sum / static_cast<double>(count);
    for (std::size_t v = 0; v < histogram.size(); ++v) squares += (v - mean) * (v - mean) * histogram[v];
    result.mean.push_back(static_cast<float>(mean / 255));
    result.std.push_back(static_cast<float>(std::sqrt(squares / static_cast<double>(count)) / 255));
  }
}

template <class T>
void add_statistics(const ImageBank& bank, Normalisation& result) {
  for (int c = 0; c < bank.channels; ++c) {
    // Sum over the channel of f(value), in double.
    auto total = [&](auto f) {
      double sum = 0;
      for (std::int64_t i = 0; i < bank.size(); ++i) {
        const ImageShape& shape = bank.shapes[static_cast<std::size_t>(i)];
        const std::int64_t pixels = static_cast<std::int64_t>(shape.height) * shape.width;
        const T* plane = bank.image<T>(i) + c * pixels;
        for (std::int64_t p = 0; p < pixels; ++p) sum += f(static_cast<double>(plane[p]));
      }
      return sum;
    };
    const double count = total([](double) { return 1.0; });
    const double mean = total([](double v) { return v; }) / count;
    const double variance = total([mean](double v) { return (v - mean) * (v - mean); }) / count;
    result.mean.push_back(static_cast<float>(mean));
    result.std.push_back(static_cast<float>(std::sqrt(variance)));
  }
}

}  // namespace

Normalisation normalisation_of(const ImageBank& bank, const std::vector<std::int64_t>& indices,
                               const Augment& augment) {
  if (indices.empty()) throw InputError("no training images: their mean and deviation are undefined");
  // Without the padding of a shift: the reference takes its statistics from the target size alone.
  ImageBank images = sub_bank(bank, indices);
  if (augment.size > 0) images = at_test_size(images, augment.size);
  Normalisation result;
  switch (images.type) {
    case PixelType::u8:
      add_statistics_u8(images, result);
      break;
    case PixelType::u16:
      add_statistics<std::uint16_t>(images, result);
      break;
    case PixelType::f32:
      add_statistics<float>(images, result);
      break;
  }
  for (float& deviation : result.std) {
    // A constant channel (an empty band) carries nothing; dividing by 1 keeps it at 0 instead of NaN.
    if (deviation == 0) deviation = 1;
  }
  return result;
}

}  // namespace scant
