// What a second of a run's device is worth.
#pragma once
#include <string>

#include "harness/learn/reference_speed.hpp"

namespace scant {

/// Measures the device as a run uses it, before and after.
class SpeedCheck {
 public:
  SpeedCheck(torch::Device device, int jobs, int threads) : device_(device), jobs_(jobs), threads_(threads) {}
  /// In reference devices; what later drift is measured against.
  double measure() { return speed_ = reference_speed(device_, jobs_, threads_); }
  /// Measures again, if measure() was called. A sentence where the speed has changed by more than 3 %: the device was
  /// charged too little or too much meanwhile.
  std::string drift() const;

 private:
  torch::Device device_;
  int jobs_, threads_;
  double speed_ = 0;
};

}  // namespace scant
