// Morlet wavelets and the low-pass filter of the two-dimensional scattering transform, in Fourier space: Mallat, "Group
// Invariant Scattering", CPAM 2012, with the constants of the Kymatio library.
#pragma once
#include <array>
#include <memory>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Sizes of a transform of square images. Its maps are 2^scale times smaller than the images.
struct ScatteringShape {
  int side = 0;    // of the images, in pixels; at least 2^scale
  int scale = 2;   // J
  int angles = 8;  // L
  int padded() const { return ((side + (1 << scale)) / (1 << scale) + 1) * (1 << scale); }
  int pad_before() const { return (padded() - side) / 2; }  // top and left; the rest follows at bottom and right
  int output() const { return side / (1 << scale); }
  friend auto operator<=>(const ScatteringShape&, const ScatteringShape&) = default;
};

/// One output map: the orders of magnitude and angles that its path went through, -1 where it ended before.
struct ScatteringPath {
  int order, j1, angle1, j2, angle2;
};
/// All maps of one channel in their order: 1 + L J + L^2 J (J-1) / 2 of them.
std::vector<ScatteringPath> scattering_paths(const ScatteringShape& shape);

/// The real parts of the filters' Fourier transforms, float64 on the CPU. Level r stands for images subsampled by 2^r:
/// P/2^r x P/2^r with P = shape.padded().
struct ScatteringFilters {
  std::vector<torch::Tensor> low_pass;  // level r = 0 .. J-1
  struct Wavelet {
    int j, angle;
    std::vector<torch::Tensor> levels;  // r = 0 .. those at which a transform meets it
  };
  std::vector<Wavelet> wavelets;  // j outer, angle inner
};

/// Computed once for each shape and kept for the life of the process. Thread-safe.
std::shared_ptr<const ScatteringFilters> scattering_filters(const ScatteringShape& shape);

}  // namespace scant
