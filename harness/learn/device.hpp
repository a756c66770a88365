// What only the device's own library can say: when its work is done, how much memory it took, what it is called.
#pragma once
#include <string>

#include "harness/learn/compat.hpp"

namespace scant {

/// Waits until everything queued on the device is done; nothing to do for the CPU.
void synchronise(torch::Device device);

/// Peak bytes that the device's allocator handed out since the program started; 0 where this build cannot know.
std::int64_t peak_device_bytes(torch::Device device);

/// "NVIDIA H200", or the CPU's model.
std::string device_name(torch::Device device);

}  // namespace scant
