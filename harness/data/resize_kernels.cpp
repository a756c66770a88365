// Fixed-point weighted sums along rows and columns of 8-bit images.
#include "harness/data/resize_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace scant {
namespace {

constexpr int kPrecision = 22;  // Pillow's PRECISION_BITS: 32 - 8 - 2
constexpr std::int32_t kHalf = 1 << (kPrecision - 1);

// Weights sum to 2^22 up to half a unit per tap, and their negative ones (bicubic) to no less than -0.2 * 2^22, so that
// sums of 8-bit pixels fit 32 bits; what lies outside 0..255 is cut off.
std::uint8_t shifted(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kPrecision, 0, 255));
}

void horizontal_portable(const std::uint8_t* in, std::int64_t in_stride, int rows, const PackedAxis& axis,
                         std::uint8_t* out, std::int64_t out_stride) {
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t* row = in + y * in_stride;
    std::uint8_t* to = out + y * out_stride;
    const std::int32_t* weight = axis.weight.data();
    for (int x = 0; x < axis.outputs; ++x, weight += axis.taps) {
      const std::uint8_t* from = row + axis.start[static_cast<std::size_t>(x)];
      std::int32_t sum = kHalf;
      for (int k = 0; k < axis.taps; k += 4) {
        sum += weight[k] * from[k] + weight[k + 1] * from[k + 1] + weight[k + 2] * from[k + 2] +
               weight[k + 3] * from[k + 3];
      }
      to[x] = shifted(sum);
    }
  }
}

constexpr int kBlock = 64;  // columns whose sums stay in registers or the first-level cache

void vertical_portable(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weight, int count, int width,
                       std::uint8_t* out) {
  for (int x = 0; x < width; x += kBlock) {
    const int columns = std::min(kBlock, width - x);
    std::array<std::int32_t, kBlock> sum;
    sum.fill(kHalf);
    for (int k = 0; k < count; ++k) {
      const std::uint8_t* row = rows + k * stride + x;
      for (int i = 0; i < columns; ++i) sum[static_cast<std::size_t>(i)] += weight[k] * row[i];
    }
    for (int i = 0; i < columns; ++i) out[x + i] = shifted(sum[static_cast<std::size_t>(i)]);
  }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) inline int load4(const std::uint8_t* from) {
  int value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Four pixels of each of eight outputs. Single loads: a gather instruction is slower on most processors.
__attribute__((target("avx2"))) inline __m256i load8x4(const std::uint8_t* row, const std::int32_t* start) {
  __m128i a = _mm_cvtsi32_si128(load4(row + start[0]));
  __m128i b = _mm_cvtsi32_si128(load4(row + start[4]));
  a = _mm_insert_epi32(a, load4(row + start[1]), 1);
  b = _mm_insert_epi32(b, load4(row + start[5]), 1);
  a = _mm_insert_epi32(a, load4(row + start[2]), 2);
  b = _mm_insert_epi32(b, load4(row + start[6]), 2);
  a = _mm_insert_epi32(a, load4(row + start[3]), 3);
  b = _mm_insert_epi32(b, load4(row + start[7]), 3);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
}

__attribute__((target("avx2"))) inline __m256i load32(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

/// Sums of 16-bit halves to pixels: (256 high + low) >> 22, in 32-bit lanes; packing cuts off what is no byte.
__attribute__((target("avx2"))) inline __m256i join(__m256i high, __m256i low) {
  return _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(high, 8), low), kPrecision);
}

/// Eight outputs at a time; multiply-adds of 16-bit halves weigh four pixels of each.
__attribute__((target("avx2"))) void horizontal_avx2(const std::uint8_t* in, std::int64_t in_stride, int rows,
                                                     const PackedAxis& axis, std::uint8_t* out,
                                                     std::int64_t out_stride) {
  const __m256i byte_mask = _mm256_set1_epi32(0x00ff00ff);
  const std::int32_t* starts = axis.start.data();
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t* row = in + y * in_stride;
    const std::int16_t* weight = axis.halves.data();
    for (int x = 0; x < axis.outputs; x += 8) {
      __m256i high = _mm256_setzero_si256(), low = _mm256_set1_epi32(kHalf);
      for (int k = 0; k < axis.taps; k += 4, weight += 64) {
        const __m256i pixels = load8x4(row + k, starts + x);
        const __m256i even = _mm256_and_si256(pixels, byte_mask);
        const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(pixels, 8), byte_mask);
        high = _mm256_add_epi32(high, _mm256_add_epi32(_mm256_madd_epi16(even, load32(weight)),
                                                       _mm256_madd_epi16(odd, load32(weight + 16))));
        low = _mm256_add_epi32(low, _mm256_add_epi32(_mm256_madd_epi16(even, load32(weight + 32)),
                                                     _mm256_madd_epi16(odd, load32(weight + 48))));
      }
      const __m256i sum = join(high, low);
      const __m256i words = _mm256_packus_epi32(sum, sum);
      const __m128i both = _mm_unpacklo_epi64(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + y * out_stride + x), _mm_packus_epi16(both, both));
    }
  }
}

/// Sixteen columns at a time, two rows a multiply-add; the last block overlaps the one before.
__attribute__((target("avx2"))) void vertical_avx2(const std::uint8_t* rows, std::int64_t stride,
                                                   const std::int32_t* weight, int count, int width,
                                                   std::uint8_t* out) {
  for (int block = 0; block < width; block += 16) {
    const int x = std::min(block, width - 16);
    __m256i high0 = _mm256_setzero_si256(), high1 = high0;
    __m256i low0 = _mm256_set1_epi32(kHalf), low1 = low0;
    for (int k = 0; k < count; k += 2) {
      const bool pair = k + 1 < count;
      const std::int32_t w0 = weight[k], w1 = pair ? weight[k + 1] : 0;
      const __m256i high = _mm256_set1_epi32((w1 >> 8) << 16 | (w0 >> 8 & 0xffff));
      const __m256i low = _mm256_set1_epi32((w1 & 0xff) << 16 | (w0 & 0xff));
      const std::uint8_t* row = rows + k * stride + x;
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pair ? row + stride : row));
      const __m256i first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      const __m256i second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
      high0 = _mm256_add_epi32(high0, _mm256_madd_epi16(first, high));
      high1 = _mm256_add_epi32(high1, _mm256_madd_epi16(second, high));
      low0 = _mm256_add_epi32(low0, _mm256_madd_epi16(first, low));
      low1 = _mm256_add_epi32(low1, _mm256_madd_epi16(second, low));
    }
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(join(high0, low0), join(high1, low1)), 0xd8);
    const __m128i pixels = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), pixels);
  }
}

/// Per eight outputs and four taps: (w0, w2) and (w1, w3) of each output, high halves first.
std::vector<std::int16_t> split_weights(const PackedAxis& axis) {
  const int blocks = (axis.outputs + 7) / 8;
  std::vector<std::int16_t> halves(static_cast<std::size_t>(blocks) * static_cast<std::size_t>(axis.taps) * 16);
  std::int16_t* to = halves.data();
  for (int block = 0; block < blocks; ++block) {
    for (int k = 0; k < axis.taps; k += 4) {
      for (const bool high : {true, false}) {
        for (const int parity : {0, 1}) {
          for (int lane = 0; lane < 16; ++lane) {
            const int x = block * 8 + lane / 2;
            const int tap = k + parity + 2 * (lane % 2);
            const std::int32_t w = x < axis.outputs ? axis.weight[static_cast<std::size_t>(x * axis.taps + tap)] : 0;
            *to++ = static_cast<std::int16_t>(high ? w >> 8 : w & 0xff);
          }
        }
      }
    }
  }
  return halves;
}

#endif

}  // namespace

Kernel best_kernel() {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx2) return Kernel::avx2;
#endif
  return Kernel::portable;
}

PackedAxis pack_axis(const ResizeAxis& axis, int in, int begin, int outputs) {
  PackedAxis packed;
  packed.outputs = outputs;
  const auto first = axis.count.begin() + begin;
  const int longest = *std::max_element(first, first + outputs);
  packed.taps = (longest + 3) / 4 * 4;
  packed.start.resize(static_cast<std::size_t>((outputs + 7) / 8 * 8));
  packed.weight.resize(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(packed.taps));
  for (int x = 0; x < outputs; ++x) {
    const auto from = static_cast<std::size_t>(begin + x);
    const int start = std::max(0, std::min(axis.first[from], in - packed.taps));
    packed.start[static_cast<std::size_t>(x)] = start;
    std::copy_n(axis.weight.begin() + static_cast<std::ptrdiff_t>(from) * axis.support, axis.count[from],
                packed.weight.begin() + static_cast<std::ptrdiff_t>(x) * packed.taps + (axis.first[from] - start));
  }
#if defined(__x86_64__)
  if (best_kernel() == Kernel::avx2) packed.halves = split_weights(packed);
#endif
  return packed;
}

void horizontal_u8([[maybe_unused]] Kernel kernel, const std::uint8_t* in, std::int64_t in_stride, int rows,
                   const PackedAxis& axis, std::uint8_t* out, std::int64_t out_stride) {
#if defined(__x86_64__)
  if (kernel == Kernel::avx2) return horizontal_avx2(in, in_stride, rows, axis, out, out_stride);
#endif
  horizontal_portable(in, in_stride, rows, axis, out, out_stride);
}

void vertical_u8([[maybe_unused]] Kernel kernel, const std::uint8_t* rows, std::int64_t stride,
                 const std::int32_t* weight, int count, int width, std::uint8_t* out) {
#if defined(__x86_64__)
  if (kernel == Kernel::avx2 && width >= 16) return vertical_avx2(rows, stride, weight, count, width, out);
#endif
  vertical_portable(rows, stride, weight, count, width, out);
}

}  // namespace scant
