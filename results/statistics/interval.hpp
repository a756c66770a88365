// What every confidence interval of the statistics returns.
#pragma once

namespace scant {

/// Both ends in the units of the estimate.
struct ConfidenceInterval {
  double low = 0, high = 0;
};

}  // namespace scant
