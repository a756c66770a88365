// What only the device's own library can say: when its work is done, how much memory it took, what it is called.
#pragma once
#include <memory>
#include <string>

#include "harness/learn/compat.hpp"

namespace scant {

/// A queue of a GPU's work, one a trial: trials side by side then share the GPU instead of waiting in one line. Tensors
/// belong to the queue that they were made on, so a trial keeps its own when another thread goes on with it. Nothing
/// where the device is a CPU.
class WorkQueue {
 public:
  explicit WorkQueue(torch::Device device);
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// While it lives, what the calling thread asks of the GPU goes to the queue.
  class Use {
   public:
    explicit Use(const WorkQueue& queue);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    struct Guard;
    std::unique_ptr<Guard> guard_;
  };

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;  // null: none is needed
};

/// Waits until everything is done that the calling thread asked of the device, on the queue it uses; nothing to do for
/// the CPU.
void synchronise(torch::Device device);

/// Peak bytes that the device's allocator handed out since the program started; 0 where this build cannot know.
std::int64_t peak_device_bytes(torch::Device device);

/// Trials side by side that make good use of a device where the user names no number: one a core, or 4 on a GPU.
int usual_jobs(torch::Device device);

/// "NVIDIA H200", or the CPU's model.
std::string device_name(torch::Device device);

}  // namespace scant
