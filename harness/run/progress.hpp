// The one line that says how far a run is.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "harness/core/plan.hpp"

namespace scant {

class StudyRun;

class ProgressMeter {
 public:
  explicit ProgressMeter(int jobs) : jobs_(jobs) {}
  void started() { ++running_; }
  void ended() { --running_; }
  /// Any thread: `images` more training images were seen.
  void trained(std::int64_t images) { images_ += images; }

  /// "trials 34/96, final runs 6/54, 2 running, 2310 images/s, tuning 41 of 120 device-s, about 3 min left".
  std::string line(const std::deque<StudyRun>& studies);

 private:
  /// Share of the work, in epochs, that is done; expected survivors of ASHA count for what is still to come (specs:
  /// tuning 1.2).
  double share_done(const std::deque<StudyRun>& studies) const;

  int jobs_, running_ = 0;
  double share_at_start_ = -1;
  std::atomic<std::int64_t> images_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace scant
