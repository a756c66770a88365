// Building image banks, and bringing their images to the test-time size.
#include "harness/data/bank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/data/resize.hpp"

namespace scant {
namespace {

std::string_view view_of(const auto& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])};
}

std::string digest_of(const ImageBank& bank) {
  Digest digest;
  digest.add(fmt::format("{}|{}|", static_cast<int>(bank.type), bank.channels));
  digest.add({reinterpret_cast<const char*>(bank.pixels.get()),
              static_cast<std::size_t>(bank.elements) * static_cast<std::size_t>(bytes_of(bank.type))});
  std::vector<std::int32_t> sides;
  for (const ImageShape& shape : bank.shapes) sides.insert(sides.end(), {shape.height, shape.width});
  digest.add(view_of(sides));
  digest.add(view_of(bank.labels));
  return digest.hex();
}

/// One image to size x size through the shorter side, all channels, as float.
void float_to_test_size(const float* image, int channels, const ImageShape& shape, int size, float* out,
                        std::vector<float>& resized) {
  const auto [height, width] = shorter_side(shape.height, shape.width, size);
  const float* from = image;
  if (height != shape.height || width != shape.width) {
    resized.resize(static_cast<std::size_t>(channels) * height * width);
    resize_f32(image, channels, shape.height, shape.width, {0, 0, shape.height, shape.width}, height, width,
               resized.data());
    from = resized.data();
  }
  const Box box = center_box(height, width, size);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < size; ++y) {
      const float* row = from + (static_cast<std::int64_t>(c) * height + box.top + y) * width + box.left;
      std::copy(row, row + size, out + (static_cast<std::int64_t>(c) * size + y) * size);
    }
  }
}

}  // namespace

int bytes_of(PixelType type) {
  switch (type) {
    case PixelType::u8:
      return 1;
    case PixelType::u16:
      return 2;
    case PixelType::f32:
      return 4;
  }
  throw std::logic_error("a pixel type without a size");
}

int ImageBank::num_classes() const {
  const int highest = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
  return std::max(static_cast<int>(class_names.size()), highest + 1);
}

bool ImageBank::fixed() const {
  return std::all_of(shapes.begin(), shapes.end(), [&](const ImageShape& shape) {
    return shape.height == shapes[0].height && shape.width == shapes[0].width;
  });
}

void BankBuilder::add(std::span<const std::byte> planar, int height, int width, int label, std::string name,
                      int domain) {
  const auto elements = static_cast<std::int64_t>(channels_) * height * width;
  const std::string which = name.empty() ? fmt::format("image {}", bank_.size()) : fmt::format("image {}", name);
  if (height <= 0 || width <= 0 || static_cast<std::int64_t>(planar.size()) != elements * bytes_of(type_)) {
    throw InputError(fmt::format("{}: {} bytes do not make {} x {} x {} pixels of {} bytes", which, planar.size(),
                                 channels_, height, width, bytes_of(type_)));
  }
  if (label < 0) throw InputError(fmt::format("{}: label {} is below 0", which, label));
  if (!bank_.shapes.empty() && (domain >= 0) != !bank_.domains.empty()) {
    throw InputError(fmt::format("{}: a domain must be known for all images or for none", which));
  }
  if (!bank_.shapes.empty() && !name.empty() != !bank_.names.empty()) {
    throw InputError(fmt::format("{}: either all images have names or none has", which));
  }
  bank_.shapes.push_back({height, width, bank_.elements});
  bank_.elements += elements;
  bank_.labels.push_back(label);
  if (domain >= 0) bank_.domains.push_back(domain);
  if (!name.empty()) bank_.names.push_back(std::move(name));
  bytes_.insert(bytes_.end(), planar.begin(), planar.end());
}

ImageBank BankBuilder::finish(std::vector<std::string> class_names) {
  ImageBank bank = std::move(bank_);
  bank_ = {};
  bank.type = type_;
  bank.channels = channels_;
  bank.class_names = std::move(class_names);
  if (const int highest = bank.num_classes() - 1;
      !bank.class_names.empty() && highest >= static_cast<int>(bank.class_names.size())) {
    throw InputError(
        fmt::format("label {} occurs, but only {} class names are known", highest, bank.class_names.size()));
  }
  auto owner = std::make_shared<std::vector<std::byte>>(std::move(bytes_));
  bytes_ = {};
  bank.pixels = {owner, owner->data()};
  bank.digest = digest_of(bank);
  return bank;
}

ImageBank at_test_size(const ImageBank& bank, int size) {
  if (size <= 0) throw InputError(fmt::format("a test size of {} pixels is not possible", size));
  const bool as_is = std::all_of(bank.shapes.begin(), bank.shapes.end(),
                                 [&](const ImageShape& shape) { return shape.height == size && shape.width == size; });
  if (as_is) return bank;

  ImageBank result = bank;
  // Interpolated uint16 values are no longer integers: they go on as floats in the same units.
  result.type = bank.type == PixelType::u8 ? PixelType::u8 : PixelType::f32;
  const std::int64_t per_image = static_cast<std::int64_t>(bank.channels) * size * size;
  result.elements = per_image * bank.size();
  auto owner = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(result.elements) *
                                                        static_cast<std::size_t>(bytes_of(result.type)));
  result.pixels = {owner, owner->data()};

  std::vector<std::uint8_t> scratch;
  std::vector<float> values, resized;
  for (std::int64_t i = 0; i < bank.size(); ++i) {
    const ImageShape& shape = bank.shapes[static_cast<std::size_t>(i)];
    const auto pixels = static_cast<std::size_t>(bank.channels) * shape.height * shape.width;
    if (bank.type == PixelType::u8) {
      auto* out = reinterpret_cast<std::uint8_t*>(owner->data()) + i * per_image;
      test_view_u8(bank.image<std::uint8_t>(i), bank.channels, shape.height, shape.width, size, out, scratch);
    } else {
      auto* out = reinterpret_cast<float*>(owner->data()) + i * per_image;
      const float* image = nullptr;
      if (bank.type == PixelType::f32) {
        image = bank.image<float>(i);
      } else {
        const auto* raw = bank.image<std::uint16_t>(i);
        values.assign(raw, raw + pixels);
        image = values.data();
      }
      float_to_test_size(image, bank.channels, shape, size, out, resized);
    }
    result.shapes[static_cast<std::size_t>(i)] = {size, size, i * per_image};
  }
  result.digest = sha256_hex(fmt::format("{}|test size {}", bank.digest, size));
  return result;
}

}  // namespace scant
