// The ledger's line.
#include "harness/run/ledger.hpp"

#include <fmt/format.h>

namespace scant {

std::string Ledger::text() const {
  const auto percent = [this](double seconds) { return held > 0 ? 100 * seconds / held : 0; };
  return fmt::format(
      "held the device for {:.1f} s: {:.1f} % computing, {:.1f} % data, {:.1f} % validation, {:.1f} % test, {:.1f} % "
      "idle",
      held, percent(spent.train_seconds - spent.data_seconds), percent(spent.data_seconds),
      percent(spent.evaluation_seconds), percent(spent.test_seconds), percent(idle()));
}

}  // namespace scant
