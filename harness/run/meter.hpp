// What a study's tuning has been charged so far, while its trials train.
#pragma once
#include <mutex>
#include <vector>

namespace scant {

/// Device seconds by trial, against what was granted. Thread-safe: workers ask it between any two batches.
class Meter {
 public:
  /// `granted` = 0: without limit.
  Meter(double granted, std::size_t trials) : granted_(granted), charged_(trials, 0) {}
  bool limited() const { return granted_ > 0; }
  /// What one trial has been charged since its beginning; replaces the earlier figure.
  void charge(int trial, double seconds) {
    const std::lock_guard lock(mutex_);
    double& charged = charged_[static_cast<std::size_t>(trial)];
    total_ += seconds - charged;
    charged = seconds;
  }
  bool spent() const {
    const std::lock_guard lock(mutex_);
    return limited() && total_ >= granted_;
  }

 private:
  const double granted_;
  mutable std::mutex mutex_;  // guards charged_ and total_
  std::vector<double> charged_;
  double total_ = 0;
};

}  // namespace scant
