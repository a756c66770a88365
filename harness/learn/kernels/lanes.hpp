// Eight floats at a time, in GCC's vector types: what the kernels of this folder are written in. They work on plain
// arrays, without torch, and are compiled twice, for CPUs with fused multiply-add (and so AVX) and for all others.
#pragma once
#include <cstdint>

#if defined(__x86_64__) && !defined(__FMA__)
/// Before a kernel: one version for each kind of CPU; the program picks.
#define SCANT_CPU_VERSIONS __attribute__((target_clones("fma", "default")))
#else
#define SCANT_CPU_VERSIONS
#endif
/// Before what a kernel calls: it becomes part of the kernel, in its version.
#define SCANT_PART_OF_KERNEL __attribute__((always_inline))

namespace scant::kernels {

using Eight = float __attribute__((vector_size(32), aligned(4), may_alias));
inline constexpr std::int64_t lanes = 8;

SCANT_PART_OF_KERNEL inline Eight& eight(float* p) {
  return *reinterpret_cast<Eight*>(p);
}
SCANT_PART_OF_KERNEL inline const Eight& eight(const float* p) {
  return *reinterpret_cast<const Eight*>(p);
}

}  // namespace scant::kernels
