// The sentence about drift.
#include "harness/run/speed_check.hpp"

#include <fmt/format.h>

#include <cmath>

namespace scant {

std::string SpeedCheck::drift() const {
  if (speed_ == 0) return {};
  const double now = reference_speed(device_, jobs_, threads_), change = std::abs(now / speed_ - 1);
  if (change <= 0.03) return {};
  return fmt::format("the device's speed went from {:.2f} to {:.2f} reference devices during the run: its budgets {}",
                     speed_, now,
                     change > 0.1 ? "cannot be compared with those of other runs" : "are as uncertain as that");
}

}  // namespace scant
