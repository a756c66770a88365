// What a study's tuning has been charged so far, while its trials train.
#pragma once
#include <mutex>
#include <vector>

#include "harness/core/record.hpp"

namespace scant {

/// The budget's seconds by trial, against what was granted. Thread-safe: workers ask it between any two batches.
class Meter {
 public:
  Meter(const Budget& budget, std::size_t trials) : budget_(budget), charged_(trials, 0) {}
  bool limited() const { return budget_.granted() > 0; }
  /// What one trial has been charged since its beginning; replaces the earlier figure.
  void charge(int trial, const Cost& cost) {
    const double seconds = cost.charged_to(budget_);
    const std::lock_guard lock(mutex_);
    double& charged = charged_[static_cast<std::size_t>(trial)];
    total_ += seconds - charged;
    charged = seconds;
  }
  bool spent() const {
    const std::lock_guard lock(mutex_);
    return limited() && total_ >= budget_.granted();
  }

 private:
  const Budget budget_;
  mutable std::mutex mutex_;  // guards charged_ and total_
  std::vector<double> charged_;
  double total_ = 0;
};

}  // namespace scant
