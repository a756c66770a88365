// A data set decoded once: pixels, labels and names in memory, or memory-mapped from its cache and shared between
// trials.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/core/json.hpp"

namespace scant {

enum class PixelType { u8, u16, f32 };
int bytes_of(PixelType type);

/// Height and width of one image and where its first channel starts in `pixels`, in elements.
struct ImageShape {
  std::int32_t height = 0, width = 0;
  std::int64_t offset = 0;
};

/// Images C x H x W (planar), one after the other. Fixed size (every shape equal: N x C x H x W) or ragged.
/// u8 is 0..255; u16 and f32 are raw units. Immutable once built; copying copies no pixels.
class ImageBank {
 public:
  PixelType type = PixelType::u8;
  int channels = 3;
  std::vector<ImageShape> shapes;           // one per image
  std::shared_ptr<const std::byte> pixels;  // owner keeps the buffer or the mapping alive
  std::int64_t elements = 0;                // pixel values in total
  std::vector<std::int32_t> labels;         // 0-based
  std::vector<std::int32_t> domains;        // empty, or one per image
  std::vector<std::string> names;           // as split files name the images, without extension; may be empty
  std::vector<std::string> class_names;
  std::string digest;  // SHA-256 of pixels, shapes and labels

  std::int64_t size() const { return static_cast<std::int64_t>(shapes.size()); }
  int num_classes() const;
  /// True if all images have one height and width.
  bool fixed() const;
  template <class T>
  const T* image(std::int64_t index) const {
    return reinterpret_cast<const T*>(pixels.get()) + shapes[static_cast<std::size_t>(index)].offset;
  }
};

/// Collects decoded images into a bank. Not thread-safe; decode in parallel and add in order.
class BankBuilder {
 public:
  BankBuilder(PixelType type, int channels) : type_(type), channels_(channels) {}
  /// `planar`: C x height x width values of the bank's type.
  void add(std::span<const std::byte> planar, int height, int width, int label, std::string name = {}, int domain = -1);
  /// Computes the digest and hands the bank over; the builder is empty afterwards.
  ImageBank finish(std::vector<std::string> class_names = {});

 private:
  PixelType type_;
  int channels_;
  std::vector<std::byte> bytes_;
  ImageBank bank_;
};

/// Every image resized (shorter side to `size`, Pillow bilinear) and centre-cropped to size x size; float banks without
/// antialiasing (specs: gem (b)). Returns `bank` itself where nothing would change.
ImageBank at_test_size(const ImageBank& bank, int size);

/// Saves as safetensors: tensors "pixels", "shapes", "labels", "domains", and the rest as metadata together with
/// `extra` (e.g. the splits).
void save_bank(const ImageBank& bank, const std::filesystem::path& file, const Json& extra = {});

/// Memory-maps a saved bank and checks its digest's presence, shapes and sizes. Throws InputError if anything does not
/// fit. `extra`, if given, receives what save_bank was given.
ImageBank load_bank(const std::filesystem::path& file, Json* extra = nullptr);

}  // namespace scant
