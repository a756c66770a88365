// Ctrl-C and SIGTERM as a flag that long work asks.
#pragma once
#include <atomic>

namespace scant {

/// From now on the first signal sets the flag; the second ends the program, which loses at most the work since the last
/// checkpoint.
const std::atomic<bool>& stop_on_signals();

}  // namespace scant
