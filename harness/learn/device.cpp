// CUDA's answers where LibTorch was built with it (SCANT_CUDA), the CPU's otherwise.
#include "harness/learn/device.hpp"

#include <algorithm>
#include <fstream>
#include <thread>

#ifdef SCANT_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
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

#ifdef SCANT_CUDA

struct WorkQueue::Stream {
  c10::cuda::CUDAStream cuda;
};

struct WorkQueue::Use::Guard {
  explicit Guard(const c10::cuda::CUDAStream& stream) : current(stream) {}
  c10::cuda::CUDAStreamGuard current;
};

WorkQueue::WorkQueue(torch::Device device) {
  if (!device.is_cuda()) return;
  const auto index = device.has_index() ? device.index() : c10::cuda::current_device();
  stream_ = std::make_unique<Stream>(
      Stream{c10::cuda::getStreamFromPool(/*isHighPriority=*/false, static_cast<c10::DeviceIndex>(index))});
}

WorkQueue::Use::Use(const WorkQueue& queue) {
  if (queue.stream_) guard_ = std::make_unique<Guard>(queue.stream_->cuda);
}

void synchronise(torch::Device device) {
  if (device.is_cuda()) c10::cuda::getCurrentCUDAStream(device.has_index() ? device.index() : -1).synchronize();
}

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

struct WorkQueue::Stream {};
struct WorkQueue::Use::Guard {};

WorkQueue::WorkQueue(torch::Device) {}

WorkQueue::Use::Use(const WorkQueue&) {}

void synchronise(torch::Device) {}

std::int64_t peak_device_bytes(torch::Device) {
  return 0;
}

std::string device_name(torch::Device device) {
  return device.is_cpu() ? cpu_model() : device.str();
}

#endif

int usual_jobs(torch::Device device) {
  return device.is_cuda() ? 4 : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

WorkQueue::~WorkQueue() = default;

WorkQueue::Use::~Use() = default;

}  // namespace scant
