// Windows, flips and resized crops of single images, fused with normalisation.
#include "harness/learn/augment.hpp"

#include <algorithm>
#include <memory>
#include <tuple>

#include "harness/learn/batches.hpp"

namespace scant {
namespace {

/// Index of the pixel that reflect-101 shows at `x`, for -size < x < 2 * size - 1.
int reflect(int x, int size) {
  if (x < 0) return -x;
  return x < size ? x : 2 * (size - 1) - x;
}

/// out[i] = (row[i] - offset) * scale; contiguous, so that the compiler vectorises it.
template <class T>
void convert(const T* __restrict row, int count, float offset, float scale, float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] = (static_cast<float>(row[i]) - offset) * scale;
}

/// The same from right to left: out[i] belongs to row[-i].
template <class T>
void convert_reversed(const T* __restrict row, int count, float offset, float scale, float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] = (static_cast<float>(*(row - i)) - offset) * scale;
}

/// One output row: columns inside the image run contiguously, only the mirrored ones are looked up.
template <class T>
void window_row(const T* row, int width, int left, bool flip, int side, float offset, float scale, float* out) {
  const int begin = std::clamp(-left, 0, side), end = std::clamp(width - left, begin, side);  // inside the image
  auto mirrored = [&](int x) {
    const float value = (static_cast<float>(row[reflect(left + x, width)]) - offset) * scale;
    out[flip ? side - 1 - x : x] = value;
  };
  for (int x = 0; x < begin; ++x) mirrored(x);
  for (int x = end; x < side; ++x) mirrored(x);
  if (end == begin) return;
  if (flip) {
    convert_reversed(row + left + end - 1, end - begin, offset, scale, out + side - end);
  } else {
    convert(row + left + begin, end - begin, offset, scale, out + begin);
  }
}

template <class T>
void window_of(const T* image, int channels, int height, int width, const Window& window, int side,
               const PixelScale& scale, float* out) {
  for (int c = 0; c < channels; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    const T* plane = image + static_cast<std::int64_t>(c) * height * width;
    float* to = out + static_cast<std::int64_t>(c) * side * side;
    for (int y = 0; y < side; ++y) {
      const int source = reflect(window.top + (window.vflip ? side - 1 - y : y), height);
      window_row(plane + static_cast<std::int64_t>(source) * width, width, window.left, window.hflip, side,
                 scale.offset[channel], scale.scale[channel], to + static_cast<std::int64_t>(y) * side);
    }
  }
}

/// An image of a float or 16-bit bank as float; 16-bit values are copied into `raw`.
const float* as_float(const ImageBank& bank, std::int64_t index, std::vector<float>& raw) {
  if (bank.type == PixelType::f32) return bank.image<float>(index);
  const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
  const std::uint16_t* from = bank.image<std::uint16_t>(index);
  raw.assign(from, from + static_cast<std::int64_t>(bank.channels) * shape.height * shape.width);
  return raw.data();
}

}  // namespace

PixelScale pixel_scale(const Normalisation& normalisation, PixelType type) {
  const float unit = type == PixelType::u8 ? 255.0f : 1.0f;
  PixelScale result;
  for (std::size_t c = 0; c < normalisation.mean.size(); ++c) {
    result.offset.push_back(normalisation.mean[c] * unit);
    result.scale.push_back(1.0f / (normalisation.std[c] * unit));
  }
  return result;
}

void write_window(const ImageBank& bank, std::int64_t index, const Window& window, int side, const PixelScale& scale,
                  float* out) {
  const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
  auto write = [&](const auto* image) {
    window_of(image, bank.channels, shape.height, shape.width, window, side, scale, out);
  };
  switch (bank.type) {
    case PixelType::u8:
      return write(bank.image<std::uint8_t>(index));
    case PixelType::u16:
      return write(bank.image<std::uint16_t>(index));
    case PixelType::f32:
      return write(bank.image<float>(index));
  }
}

void write_resized(const ImageBank& bank, std::int64_t index, const Box& box, bool hflip, bool vflip, int side,
                   const PixelScale& scale, float* out, ResizeScratch& scratch) {
  const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
  const std::size_t values = static_cast<std::size_t>(bank.channels) * static_cast<std::size_t>(side) * side;
  const Window whole{0, 0, hflip, vflip};
  if (bank.type == PixelType::u8) {
    scratch.resized.resize(values);
    resize_u8(bank.image<std::uint8_t>(index), bank.channels, shape.height, shape.width, box, side, side,
              scratch.resized.data(), scratch.rows);
    window_of(scratch.resized.data(), bank.channels, side, side, whole, side, scale, out);
  } else {
    scratch.resized_f32.resize(values);
    resize_f32(as_float(bank, index, scratch.raw), bank.channels, shape.height, shape.width, box, side, side,
               scratch.resized_f32.data());
    window_of(scratch.resized_f32.data(), bank.channels, side, side, whole, side, scale, out);
  }
}

template <class T>
void write_oriented(const T* image, int channels, int height, int width, const Orientation& orientation, float* out) {
  // The source of output (y, x) is first + y * down + x * right.
  const std::int64_t row = orientation.vflip ? -width : width, column = orientation.hflip ? -1 : 1;
  const std::int64_t last_row = (height - 1) * row, last_column = (width - 1) * column;
  const std::int64_t corner = (orientation.vflip ? -last_row : 0) + (orientation.hflip ? -last_column : 0);
  std::int64_t first = corner, down = row, right = column;
  if (orientation.turns == 1) first = corner + last_column, down = -column, right = row;
  if (orientation.turns == 2) first = corner + last_row + last_column, down = -row, right = -column;
  if (orientation.turns == 3) first = corner + last_row, down = column, right = -row;
  const bool lies = orientation.turns % 2 != 0;
  const int out_height = lies ? width : height, out_width = lies ? height : width;
  for (int c = 0; c < channels; ++c, image += static_cast<std::int64_t>(height) * width) {
    for (int y = 0; y < out_height; ++y) {
      const T* from = image + first + y * down;
      for (int x = 0; x < out_width; ++x) *out++ = static_cast<float>(from[x * right]);
    }
  }
}
template void write_oriented(const std::uint8_t*, int, int, int, const Orientation&, float*);
template void write_oriented(const float*, int, int, int, const Orientation&, float*);

void write_view(const ImageBank& bank, std::int64_t index, const Box& box, const Orientation& orientation, int side,
                Filter filter, float* out, ResizeScratch& scratch) {
  const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
  const std::size_t values = static_cast<std::size_t>(bank.channels) * static_cast<std::size_t>(side) * side;
  if (bank.type == PixelType::u8) {
    scratch.resized.resize(values);
    resize_u8(bank.image<std::uint8_t>(index), bank.channels, shape.height, shape.width, box, side, side,
              scratch.resized.data(), scratch.rows, filter);
    write_oriented(scratch.resized.data(), bank.channels, side, side, orientation, out);
  } else {
    scratch.resized_f32.resize(values);
    resample_f32(as_float(bank, index, scratch.raw), bank.channels, shape.height, shape.width, box, side, side, filter,
                 scratch.resized_f32.data(), scratch.rows_f32);
    write_oriented(scratch.resized_f32.data(), bank.channels, side, side, orientation, out);
  }
}

ImageBank sub_bank(const ImageBank& bank, const std::vector<std::int64_t>& indices) {
  ImageBank result;
  result.type = bank.type;
  result.channels = bank.channels;
  result.pixels = bank.pixels;
  result.class_names = bank.class_names;
  for (const std::int64_t index : indices) {
    const auto i = static_cast<std::size_t>(index);
    result.shapes.push_back(bank.shapes.at(i));
    result.labels.push_back(bank.labels.at(i));
    if (!bank.domains.empty()) result.domains.push_back(bank.domains[i]);
    if (!bank.names.empty()) result.names.push_back(bank.names[i]);
    result.elements += static_cast<std::int64_t>(bank.channels) * bank.shapes[i].height * bank.shapes[i].width;
  }
  return result;
}

ImageBank with_shorter_side(const ImageBank& bank, int size) {
  ImageBank result = bank;
  result.type = bank.type == PixelType::u8 ? PixelType::u8 : PixelType::f32;
  result.elements = 0;
  result.digest.clear();
  for (ImageShape& shape : result.shapes) {
    std::tie(shape.height, shape.width) = shorter_side(shape.height, shape.width, size);
    shape.offset = result.elements;
    result.elements += static_cast<std::int64_t>(bank.channels) * shape.height * shape.width;
  }
  const auto bytes = static_cast<std::size_t>(result.elements * bytes_of(result.type));
  // Not make_shared: the array is aligned for any pixel type and owned through a const pointer.
  std::shared_ptr<std::byte> pixels(new std::byte[bytes], std::default_delete<std::byte[]>());
  result.pixels = pixels;
  ResizeScratch scratch;
  for (std::int64_t i = 0; i < bank.size(); ++i) {
    const ImageShape &from = bank.shapes[static_cast<std::size_t>(i)], &to = result.shapes[static_cast<std::size_t>(i)];
    const Box whole{0, 0, from.height, from.width};
    if (result.type == PixelType::u8) {
      resize_u8(bank.image<std::uint8_t>(i), bank.channels, from.height, from.width, whole, to.height, to.width,
                reinterpret_cast<std::uint8_t*>(pixels.get()) + to.offset, scratch.rows);
    } else {
      resize_f32(as_float(bank, i, scratch.raw), bank.channels, from.height, from.width, whole, to.height, to.width,
                 reinterpret_cast<float*>(pixels.get()) + to.offset);
    }
  }
  return result;
}

}  // namespace scant
