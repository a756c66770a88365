// Signal handlers of the subcommands that train.
#include "harness/cli/interrupt.hpp"

#include <csignal>

namespace scant {
namespace {

std::atomic<bool> stop = false;

void on_signal(int signal) {
  stop = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  return stop;
}

}  // namespace scant
