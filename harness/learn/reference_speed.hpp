// How fast a device is, in reference devices: what makes seconds on different machines comparable.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// The reference device trains rn20 on batches of 25 images of 3 x 32 x 32, in fp32, at this many images a second:
/// about what one core of a server CPU of 2021 (AMD EPYC 7003) does with LibTorch's own kernels.
inline constexpr double reference_images_per_second = 200;

/// How a measurement is spread: the median over slices, after a warm-up as long as one.
struct SpeedMeasurement {
  int slices = 5;
  double slice_seconds = 1;
};

/// Images a second of that workload (forward, backward and an SGD step; nothing of the suite's) over the reference
/// device's, with `jobs` trainings side by side of `threads` threads each, as a run has them. Takes slices + 1 times
/// slice_seconds.
double reference_speed(torch::Device device, int jobs, int threads, const SpeedMeasurement& measurement = {});

}  // namespace scant
