// What became of the time that a run held its device for.
#pragma once
#include <string>

#include "harness/core/record.hpp"

namespace scant {

/// Where the seconds went that this call held the device for.
struct Ledger {
  double held = 0;  // from its start to its end
  Cost spent;       // by trials, at their share of the device
  double idle() const { return held - spent.train_seconds - spent.evaluation_seconds - spent.test_seconds; }
  /// One line: seconds held, and the shares of computing, validation, data, test and idleness.
  std::string text() const;
};

}  // namespace scant
