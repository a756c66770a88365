// A trial's running account with its study's meter.
#pragma once
#include <chrono>

#include "harness/learn/session.hpp"
#include "harness/run/study_run.hpp"

namespace scant {

/// Charges a study's meter for one trial between its batches, from the clock, and after its epochs from the session's
/// own measurement, which waits for the device.
class Charge {
 public:
  /// `share` of the device, as the session's tariff has it.
  Charge(const Segment& segment, double share)
      : meter_(segment.meter != nullptr && segment.meter->limited() ? segment.meter : nullptr),
        trial_(segment.trial.index),
        share_(share),
        session_(*segment.session) {
    settle();
  }
  void settle() {
    since_ = std::chrono::steady_clock::now();
    if (meter_ != nullptr) meter_->charge(trial_, session_.cost());
  }
  /// Whether the study's seconds are spent, with those that this trial took since it was settled.
  bool over() {
    if (meter_ == nullptr) return false;
    Cost cost = session_.cost();
    cost.train_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count() * share_;
    meter_->charge(trial_, cost);
    return meter_->spent();
  }

 private:
  Meter* meter_;  // null: unlimited
  int trial_;
  double share_;
  const Session& session_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace scant
