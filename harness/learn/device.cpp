// CUDA's answers where LibTorch was built with it (SCANT_CUDA), the CPU's otherwise.
#include "harness/learn/device.hpp"

#include <torch/cuda.h>

#include <fstream>

#ifdef SCANT_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>
#endif

namespace scant {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    // "model name" on x86, "CPU part" (a number) is all that ARM says.
    if (!line.starts_with("model name") && !line.starts_with("CPU part")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

void synchronise(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.has_index() ? device.index() : -1);
}

#ifdef SCANT_CUDA

std::int64_t peak_device_bytes(torch::Device device) {
  if (!device.is_cuda()) return 0;
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(device.has_index() ? device.index() : 0);
  return stats.allocated_bytes[0].peak;  // 0: the aggregate of all pools
}

std::string device_name(torch::Device device) {
  if (!device.is_cuda()) return cpu_model();
  cudaDeviceProp properties{};
  const int index = device.has_index() ? device.index() : 0;
  return cudaGetDeviceProperties(&properties, index) == cudaSuccess ? properties.name : "unknown CUDA device";
}

#else

std::int64_t peak_device_bytes(torch::Device) {
  return 0;
}

std::string device_name(torch::Device device) {
  return device.is_cpu() ? cpu_model() : device.str();
}

#endif

}  // namespace scant
